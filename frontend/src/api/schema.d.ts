// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say who I am and what I may do
         * @description Say who I am and what I may do. Requires the role viewer.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the clusters that are known, and the state each is in
         * @description List the clusters that are known, and the state each is in. Requires the role viewer.
         */
        get: operations["listEnvs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fleet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show all envs that you may see, a row each, and their sums
         * @description Each with the figures of its own latest peak, of all of it or of the namespaces that you may see. The clusters are asked every fifteen seconds while somebody looks, each by itself: one that does not answer within a second is shown as it was, and after three it is unreachable. Requires the role viewer.
         */
        get: operations["getFleet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/fleet/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find registered services by name in all envs that you may see
         * @description Those of that very name first, then those that begin with the words. Requires the role viewer.
         */
        get: operations["findServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say how far an env is set up, also one that there is not yet
         * @description Nothing is changed: its cluster is asked whether the api's account has its rights. Requires the role viewer.
         */
        get: operations["getSetup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/leader": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say which instance of the API runs an env's schedules and operations, and if none does, why
         * @description Say which instance of the API runs an env's schedules and operations, and if none does, why. Requires the role viewer.
         */
        get: operations["getLeader"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the registered services of an env, those of the namespaces that you may see
         * @description Each with its effective, expert's and derived values and its use at the latest collected peak. Requires the role viewer.
         */
        get: operations["listServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one service
         * @description Show one service. Requires the role viewer.
         */
        get: operations["getService"];
        /**
         * Register a service
         * @description The only door for a new one; 409 if it is registered already. Requires the role operator.
         */
        put: operations["registerService"];
        post?: never;
        /**
         * Remove a service
         * @description It is unregistered from then on, even while it still runs; registering it again brings it back. Requires the role operator.
         */
        delete: operations["removeService"];
        options?: never;
        head?: never;
        /**
         * Change the expert's values of a service
         * @description Fields left out stay as they are, null clears one. The answer says what a LimitRange or a quota of the namespace makes of the values. If-Match takes the service's `version`; if somebody else was faster the answer is 412, with the current service in `current`. Requires the role operator.
         */
        patch: operations["changeService"];
        trace?: never;
    };
    "/api/v1/envs/{env}/services/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change many services at once, all or none
         * @description Each against the version it is based on; 409 names the ones that were changed since. It takes the role in the namespace of each. Requires the role operator.
         */
        post: operations["changeServices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import what was exported, from CSV or JSON, all or none
         * @description The named services' expert values become exactly the given ones, unregistered services are registered, others stay as they are. With `dry_run` it only says what would change. It takes the role in the namespace of each. Requires the role operator.
         */
        post: operations["importServices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download what the experts have entered, as CSV or JSON
         * @description Of the namespaces that you may see. Requires the role viewer.
         */
        get: operations["exportServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a service's expert values, the latest first
         * @description Every version is kept, those of removed services too. Requires the role viewer.
         */
        get: operations["getServiceHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring back an old version of a service's expert values
         * @description It becomes a new version; nothing of the past is lost. Requires the role operator.
         */
        post: operations["restoreService"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/labels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return the owners and labels of the services that you may see, as they were last listed in the cluster
         * @description They are listed every five minutes, and kept while the cluster is away. Requires the role viewer.
         */
        get: operations["listLabels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an env at the peak of one day, and its score over 90 days
         * @description All of it, or the namespaces that you may see. Requires the role viewer.
         */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an env day by day, from a day to years
         * @description All of it, or the namespaces that you may see. Requires the role viewer.
         */
        get: operations["getTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/namespaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the namespaces of an env that you may see, with their share of the whole of these
         * @description List the namespaces of an env that you may see, with their share of the whole of these. Requires the role viewer.
         */
        get: operations["listNamespaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/namespaces/{namespace}/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a namespace day by day
         * @description Show a namespace day by day. Requires the role viewer.
         */
        get: operations["getNamespaceTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/trend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one service day by day: its containers' use, requests and limits, its pods, traffic and JVMs
         * @description Show one service day by day: its containers' use, requests and limits, its pods, traffic and JVMs. Requires the role viewer.
         */
        get: operations["getServiceTrend"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/service-lines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show many services over the last peak days: P95 cpu and memory, a line each
         * @description All services that were seen and that you may see, or those of a namespace. Requires the role viewer.
         */
        get: operations["listServiceLines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return a page to print, or a PDF: what the last peak asked for and used, and where most is not used
         * @description Of the namespaces that you may see. Requires the role viewer.
         */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/capacity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what an env's nodes have left, or why that is not known
         * @description Show what an env's nodes have left, or why that is not known. Requires the role viewer.
         */
        get: operations["getCapacity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/peaks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was collected of one day, a row per container
         * @description Of the namespaces that you may see. Each with what is odd about it, and how often each oddity is found that day. Requires the role viewer.
         */
        get: operations["listPeaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/peaks/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download what was collected of one day, as CSV or JSON
         * @description Download what was collected of one day, as CSV or JSON. Requires the role viewer.
         */
        get: operations["exportPeaks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/pods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show each pod of a service over time
         * @description Read from Prometheus at once; by default over the latest collected peak window. Requires the role viewer.
         */
        get: operations["getPodCurves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/peak-hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find the hours in which most is used, of all services and of each namespace
         * @description In the days that are known as a whole, of the namespaces that you may see. Nothing is changed: those of all services are the setting `peak_hours`; the services of a namespace that peaks elsewhere can go by their own busiest hours, with the setting `rule_exceptions`. Requires the role viewer.
         */
        get: operations["findPeakHours"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/heat-map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what was used hour by hour and day by day: by all services, a namespace, or one service
         * @description Show what was used hour by hour and day by day: by all services, a namespace, or one service. Requires the role viewer.
         */
        get: operations["showHeatMap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what rules would have asked for, and how often that would have been too little
         * @description Walks forward over the stored days, of the namespaces that you may see: each day is scored by the request that the days before it give. The presets and the rule that holds are always among them. Nothing is changed: a rule is applied by its settings. Requires the role viewer.
         */
        post: operations["replayRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Score services by how well they ask for what they use at their peak, by rules alone
         * @description Of the namespaces that you may see. What is not known is left out and the rest weighs more. Requires the role viewer.
         */
        get: operations["listScores"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Score one service, and say what takes points and what could be done about it, and how it was before
         * @description Without a score where it was not measured on that day; 404 where it is not registered either. Requires the role viewer.
         */
        get: operations["getScore"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the latest advice on the pod counts of an env's services
         * @description Of the namespaces that you may see. It is made once a day, after the collection, by rules alone. Requires the role viewer.
         */
        get: operations["listAdvice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/{namespace}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the advice on one Deployment, made anew
         * @description Where its cluster can't be asked at the moment, the latest that was made; 404 where there is none. Requires the role viewer.
         */
        get: operations["getAdvice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept advice, all of it or none
         * @description The counts go into the control table, where a manual count gives way to them, and hold from the next admission on; with `how=now` an operation scales to them besides. Advice on an autoscaler's least count moves that. 412 names the services that were changed since their `version`; 409 advice that was computed before a service's last change or has expired, and counts below what a PodDisruptionBudget or zones ask for. Requires the role operator.
         */
        post: operations["acceptAdvice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Dismiss advice: there is none on these services until a day
         * @description It takes the role in the namespace of each. 409 names what is no advice on its service. Requires the role operator.
         */
        post: operations["dismissAdvice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download advice as instructions: kubectl commands, CSV or YAML
         * @description Of the namespaces that you may see. Commands and YAML say how the advice is accepted too: in the mode `enforce` admission would overrule a count that only the cluster was asked for. Requires the role viewer.
         */
        get: operations["exportAdvice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say how much advice was accepted, how it fared, and what was saved by it, as measured
         * @description Of the namespaces that you may see. Requires the role viewer.
         */
        get: operations["getAdviceStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/outcomes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accepted advice, the latest acceptance of each service, and what became of it
         * @description Of the namespaces that you may see. Requires the role viewer.
         */
        get: operations["listAdviceOutcomes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/advice/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take an accepted advice back: the control table and the Deployment get the counts of before
         * @description Answers the operation that does so; asking twice makes one. 409 where the service has another count since. Requires the role operator.
         */
        post: operations["rollBackAdvice"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the collections of an env, the latest first
         * @description List the collections of an env, the latest first. Requires the role viewer.
         */
        get: operations["listCollections"];
        put?: never;
        /**
         * Ask for days to be collected
         * @description The collector takes the request up within seconds; its progress shows in the answer of `getCollection`. Days whose window is not over are refused. A day of which the store has clearly fewer samples by now keeps what it had, unless it is one of `dates`. Requires the role operator.
         */
        post: operations["requestCollection"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/collections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one collection: how far it is, and what was left out
         * @description Show one collection: how far it is, and what was left out. Requires the role viewer.
         */
        get: operations["getCollection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show the admission mode of an env, and what stands in its cluster
         * @description With those of its namespaces that have their own and that you may see. Requires the role viewer.
         */
        get: operations["getMode"];
        /**
         * Switch the admission mode of an env
         * @description `observe` and `enforce` create or update the MutatingWebhookConfiguration in the cluster before the mode is stored, and `enforce` takes a webhook that answers; `off` is stored first, so that it holds at once, and then removes it. Requires the role admin.
         */
        put: operations["setMode"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/namespaces/{namespace}/mode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a namespace an admission mode of its own
         * @description Give a namespace an admission mode of its own. Requires the role admin.
         */
        put: operations["setNamespaceMode"];
        post?: never;
        /**
         * Let a namespace follow its env again
         * @description Let a namespace follow its env again. Requires the role admin.
         */
        delete: operations["clearNamespaceMode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a service as it is in the cluster now: its pods, events, rollout and last changes
         * @description A part that can't be read is left out, and `untold` says why. Requires the role viewer.
         */
        get: operations["getLiveService"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show an env as it is now, as its store of metrics tells it
         * @description All of it, or the namespaces that you may see. One evaluation is for all who look: the latest, where it is at most a minute old; one that is older than 15 seconds has the next one made, which the stream brings. A query that fails makes what depends on it unknown, and a store that does not answer leaves what was known, with its age. Requires the role viewer.
         */
        get: operations["getNow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an env as it is
         * @description Server-sent events: `now`, whose data is a `Now`, at once and with each evaluation. Services, namespaces and nodes are asked for when one comes. 250 people can follow an env at once. Requires the role viewer.
         */
        get: operations["followNow"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List services as they are now, those with which most is wrong first
         * @description List services as they are now, those with which most is wrong first. Requires the role viewer.
         */
        get: operations["listNowServices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now/namespaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List namespaces as they are now
         * @description List namespaces as they are now. Requires the role viewer.
         */
        get: operations["listNowNamespaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List nodes as they are now; for those who see the whole env
         * @description List nodes as they are now; for those who see the whole env. Requires the role viewer.
         */
        get: operations["listNowNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/now/services/{namespace}/{name}/curves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show what a service used over the last three hours, all its pods together
         * @description Show what a service used over the last three hours, all its pods together. Requires the role viewer.
         */
        get: operations["getNowCurves"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show which pods could move so that use at the peak lies more evenly; for those who see the whole env
         * @description From nodes that are used by 10 points more than the mean to those below it, each time the move after which use lies most evenly. Whether a pod fits is decided by what it requests and by every rule of the scheduler. Nothing is moved by it. Moving pods does not last where requests are wrong: the scheduler sees requests alone. Requires the role viewer.
         */
        get: operations["getNodePlan"];
        put?: never;
        /**
         * Carry out moves of the plan: one eviction after the other, each looked at again before it is made
         * @description The answer comes at once; look at the action or follow its events. After each the next one waits until another pod of the same owner is ready, and `pause_s` more. Where that one is on a hot node again it ends there: the scheduler sees requests alone. A move that is not right any more is skipped, with its reason. Requires the role operator.
         */
        post: operations["carryOutNodePlan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List an env's nodes: what each gives, is asked for and uses; for those who see the whole env
         * @description Use and requests of the last peak come from the collection, what is used now from the store of metrics, taints, cordons, zones and ages from the cluster. Whichever does not answer is told, with its reason. Requires the role viewer.
         */
        get: operations["listNodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/simulation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say how many nodes could go, by group of like nodes; for those who see the whole env
         * @description Two numbers: at least so many, as there is a packing without them that keeps to required affinity and anti-affinity, spread, tolerations, host ports, pod slots, the headroom and the spare nodes; and at most so many, as no packing does with fewer than its lower bound. Pods stay within their group and so within their zone; pods of DaemonSets stay with their nodes. Nothing is changed. Requires the role viewer.
         */
        post: operations["simulateNodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a node, its peaks of the last 90 days, and the pods on it
         * @description Show a node, its peaks of the last 90 days, and the pods on it. Requires the role viewer.
         */
        get: operations["getNode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}/cordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a node take no more pods; those on it stay
         * @description Takes the right `nodes`, `nodes.control` of the chart, and the node's name typed. Refused where more of its group than `KUBEDOOR_MAX_CORDONED_PCT` would be cordoned, whoever cordoned the others, or no other node would take pods. One that is cordoned already stays as it is. Requires the role operator.
         */
        post: operations["cordonNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}/uncordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a node take pods again that was cordoned from here; what others cordoned stays cordoned
         * @description Let a node take pods again that was cordoned from here; what others cordoned stays cordoned. Requires the role operator.
         */
        post: operations["uncordonNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}/taints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add taints to a node and take others away; taints of its conditions are the cluster's own
         * @description Takes the right `nodes`, `nodes.control` of the chart, and the node's name typed. Requires the role operator.
         */
        post: operations["taintNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}/drain/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what draining a node would do: where each pod could go, which find no room, what would be down
         * @description Nothing is changed. Where pods could go is one way to place all of them; the scheduler may choose another. 409 where the node could not be cordoned. Requires the role operator.
         */
        post: operations["previewDrain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/nodes/{name}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cordon a node, and evict its pods
         * @description The answer comes at once; look at the action or follow its events. Takes the right `nodes`, `nodes.control` of the chart, and the node's name typed; what refuses a cordon refuses a drain. PodDisruptionBudgets are waited for, pods of DaemonSets and static ones stay, and the node stays cordoned at the end. Requires the role operator.
         */
        post: operations["drainNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/node-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List drains and moves of an env; for those who see the whole env
         * @description List drains and moves of an env; for those who see the whole env. Requires the role viewer.
         */
        get: operations["listNodeActions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/node-actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a drain or moves, and how far each pod is; for those who see the whole env
         * @description Show a drain or moves, and how far each pod is; for those who see the whole env. Requires the role viewer.
         */
        get: operations["getNodeAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/node-actions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a drain or moves
         * @description Server-sent events: `progress`, and `end` as the last; the data of each is a `NodeActionView`. Requires the role viewer.
         */
        get: operations["watchNodeAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/node-actions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the end of a drain or of moves
         * @description No further pod is evicted. The node takes pods again if the drain had cordoned it; one that was cordoned before stays so. 409 where it has ended. Requires the role operator.
         */
        post: operations["cancelNodeAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/namespaces/{namespace}/pods/{pod}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a container's log
         * @description Server-sent events: `lines`, and `end`, which says why the log ends there; the data of each is a `LogPart`. 10 MiB or 15 minutes end it, whichever comes first; 20 logs of an env can be read at once. Takes the right `logs`, and `podActions.logs` of the chart. Requires the role viewer.
         */
        get: operations["readPodLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say which groups of actions on pods are switched on, and what would switch on the others
         * @description Who may use them is said by the rights in `GET /me`. Requires the role viewer.
         */
        get: operations["listActionGroups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what an action on a pod would do
         * @description Nothing is changed. Takes the right that the action takes. Where a JVM is to be asked, a command in the container looks for it. Requires the role operator.
         */
        post: operations["previewPodAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was done to pods of an env, in the namespaces that the caller may see
         * @description List what was done to pods of an env, in the namespaces that the caller may see. Requires the role viewer.
         */
        get: operations["listPodActions"];
        put?: never;
        /**
         * Do something to a pod
         * @description The answer comes at once; look at the action or follow its events. It is bound to the pod's uid. `delete` takes the right `delete`, and `podActions.delete` of the chart; `isolate` likewise. What a JVM is asked takes the right `diagnose` and `podActions.diagnose`; `heap_dump` takes the right `dump` instead, and that to isolate where `isolate_first` is true: then two actions begin. A `terminal` takes the right `exec` and `podActions.exec`, and waits a minute to be opened. Requires the role operator.
         */
        post: operations["createPodAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one action on a pod, and how it stands
         * @description Show one action on a pod, and how it stands. Requires the role viewer.
         */
        get: operations["getPodAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an action on a pod
         * @description Server-sent events: `progress`, and `end` as the last; the data of each is a `PodActionView`. Requires the role viewer.
         */
        get: operations["watchPodAction"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/{id}/file": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download what a JVM said or wrote
         * @description Takes the right that the action took. A heap dump is sent out of its pod as it comes, to whoever asks first, and then removed there, also where the connection breaks: its size and `sha256` are told by the action. One that the object store keeps is downloaded from there, by a link that lasts 15 minutes (302). 409 where there is no file, not yet, or not any more. Requires the role viewer.
         */
        get: operations["getPodActionFile"];
        put?: never;
        post?: never;
        /**
         * Remove a file from its pod that nobody is to take
         * @description Takes the right that the action took. 409 where there is no file, or it is being sent. Requires the role operator.
         */
        delete: operations["removePodActionFile"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an isolated pod back: the labels that were taken off, as they were
         * @description Its ReplicaSet takes it up again, and removes one pod: the one that is not ready, else the newest. 409 where there is nothing to undo. Requires the role operator.
         */
        post: operations["undoPodAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/pod-actions/{id}/terminal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Open a terminal that was asked for: a WebSocket
         * @description Whoever has asked for it opens it, once, within a minute; takes the right `exec`. Binary messages are what is typed, up to 64 KiB each, and what is shown. Texts are JSON: the viewer sends `columns` and `rows`, and in `seen` how many bytes it has shown, ahead of which no more than 256 KiB are sent; it gets a `TerminalNotice`. Ends after 10 minutes without a key, after an hour, and two minutes after it was renewed last. 409 where it is open already, over or somebody else's; 426 without an upgrade. Requires the role operator.
         */
        get: operations["openTerminal"];
        put?: never;
        /**
         * Have an open terminal last two minutes from now
         * @description Whoever looks at it says so every half minute, signed in and with the right `exec` as ever; who is not any more loses it. 409 where it is over. Requires the role operator.
         */
        post: operations["renewTerminal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/alerts/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what Alertmanager sends (`webhook_configs`, version 4)
         * @description Takes a token of the role `ingest`. The answer comes when the alerts are stored; 503 asks Alertmanager to send them again. What is sent twice is there once, and an alert that was sent before it was resolved and comes after that opens nothing. Requires the role ingest.
         */
        post: operations["receiveAlertmanager"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/alerts/custom": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take alerts of a script's own
         * @description Takes a token of the role `ingest`. An alert is known by its name, its labels and `starts_at`: send the same with `resolved` to close it. Requires the role ingest.
         */
        post: operations["receiveCustomAlerts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List alerts by day, name and service
         * @description In the namespaces that you may see; those of no namespace are for who may see the whole env. Requires the role viewer.
         */
        get: operations["listAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/alerts/occurrences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List single alerts with their labels, the latest first
         * @description In the namespaces that you may see; those of no namespace are for who may see the whole env. Requires the role viewer.
         */
        get: operations["listAlertOccurrences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/alerts/ack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that somebody takes care of alerts, and what is done about them
         * @description It stays when the alert is sent again. Doing so once more replaces the note. Requires the role operator.
         */
        post: operations["acknowledgeAlerts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is wrong in an env, in the namespaces that you may see
         * @description Findings about nodes are for those who may see the whole env. `watch` says whether it is looked for them. Requires the role viewer.
         */
        get: operations["listFindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was changed of a service lately: edits, derived values, admission, operations, settings
         * @description Of each kind the latest five; a rollout by other hands is shown by the findings that it may explain. Requires the role viewer.
         */
        get: operations["listServiceChanges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/findings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a finding: what was seen, and what was changed within the hour before
         * @description Show a finding: what was seen, and what was changed within the hour before. Requires the role viewer.
         */
        get: operations["getFinding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what Kubernetes has told of its objects, in the namespaces that you may see
         * @description One that repeats is there once, with how often it has happened. Those of nodes are for those who may see the whole env. `watch` says whether they are kept. Requires the role viewer.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/services/{namespace}/{name}/event-days": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what happened to a service and its pods on each day, as Kubernetes has told it
         * @description Tell what happened to a service and its pods on each day, as Kubernetes has told it. Requires the role viewer.
         */
        get: operations["listServiceEventDays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List live Deployments that differ from the control table
         * @description Of the namespaces that you may see. Also those that are not in it, and services in it that do not run. Requires the role viewer.
         */
        get: operations["getDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/mode/readiness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what enforcing an env would refuse and change, and whether the webhook is ready
         * @description Of the namespaces that you may see. Requires the role viewer.
         */
        get: operations["checkMode"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules of an env
         * @description Those of which the caller may see all services. Requires the role viewer.
         */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Make a schedule
         * @description It runs an operation at its times, in the name of the schedule: `requested_by` of the operation is `schedule` and its name. Requires the role operator.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one schedule and its next five runs
         * @description Show one schedule and its next five runs. Requires the role viewer.
         */
        get: operations["getSchedule"];
        /**
         * Put other values in the place of a schedule's
         * @description Put other values in the place of a schedule's. Requires the role operator.
         */
        put: operations["changeSchedule"];
        post?: never;
        /**
         * Remove a schedule; the operations that it made stay
         * @description Remove a schedule; the operations that it made stay. Requires the role operator.
         */
        delete: operations["removeSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a schedule: its times pass without a run
         * @description Pause a schedule: its times pass without a run. Requires the role operator.
         */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules/{id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a paused schedule run again, from its next time on
         * @description Let a paused schedule run again, from its next time on. Requires the role operator.
         */
        post: operations["enableSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now, in your own name, whatever its times and whether it is paused
         * @description Run a schedule now, in your own name, whatever its times and whether it is paused. Requires the role operator.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedules/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what became of a schedule's runs, the latest first; those that were left out too
         * @description List what became of a schedule's runs, the latest first; those that were left out too. Requires the role viewer.
         */
        get: operations["listScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedule-times": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check a cron expression or a date, and say when it would run
         * @description Check a cron expression or a date, and say when it would run. Requires the role viewer.
         */
        get: operations["checkScheduleTimes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedule-matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say which services a selector means now, of what the caller may see
         * @description Say which services a selector means now, of what the caller may see. Requires the role viewer.
         */
        get: operations["matchScheduleSelector"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/schedule-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say what is to run when, over all schedules of an env that the caller may see
         * @description Say what is to run when, over all schedules of an env that the caller may see. Requires the role viewer.
         */
        get: operations["getScheduleCalendar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview what admission would make of a Deployment
         * @description Of a manifest (YAML or JSON), or of a live one as if it were rolled out now: the patch, the warnings, and the manifest as it would be admitted. Nothing is changed or sent to the cluster. Requires the role viewer.
         */
        post: operations["previewAdmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/namespaces/{namespace}/governed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download what is governed in a namespace, so that Git can say the same
         * @description As a Kustomize component, Helm values or YAML: the counts, requests and limits that admission gives the Deployments that run, and nothing else of them. What is left out is told in the head, with the reason. Requires the role viewer.
         */
        get: operations["exportGoverned"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the operations of an env
         * @description Those of which the caller may see all services. Requires the role viewer.
         */
        get: operations["listOperations"];
        put?: never;
        /**
         * Scale or restart services, one or many
         * @description The answer comes at once; look at the operation or follow its events. A scale to a count makes it the service's manual count first, then asks the cluster. A service that can't be acted on fails with the reason, and the others go on. Requires the role operator.
         */
        post: operations["createOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say what an operation would do, and whether the cluster has room for it
         * @description Nothing is changed. Requires the role operator.
         */
        post: operations["previewOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show one operation, and what became of each of its services
         * @description Show one operation, and what became of each of its services. Requires the role viewer.
         */
        get: operations["getOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow an operation
         * @description Server-sent events: `progress`, whose data is an `OperationProgress` (the first holds all services, the following those that changed), and `end`, after which the stream closes. A comment every few seconds keeps the connection open. Requires the role viewer.
         */
        get: operations["watchOperation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an operation
         * @description No further service is begun; what has been asked of the cluster stays. 409 if it has ended. Requires the role operator.
         */
        post: operations["cancelOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/operations/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore the previous values of the services whose rollout failed
         * @description Answers the operation that does so. After a scale that is the former count, in the control table too; after a restart the former pod template: its requests and limits, which become the expert's values so that admission agrees. Asking twice makes one operation. Requires the role operator.
         */
        post: operations["rollbackOperation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/admissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what admission decided in an env, the latest first
         * @description In the namespaces that you may see. Requires the role viewer.
         */
        get: operations["listAdmissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the settings of an env that can be changed here
         * @description List the settings of an env that can be changed here. Requires the role viewer.
         */
        get: operations["listSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/settings/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Store a setting of an env; it wins over the environment
         * @description Store a setting of an env; it wins over the environment. Requires the role admin.
         */
        put: operations["changeSetting"];
        post?: never;
        /**
         * Forget a stored setting: the environment's value holds again
         * @description Forget a stored setting: the environment's value holds again. Requires the role admin.
         */
        delete: operations["resetSetting"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who did or tried what, the latest first
         * @description In the envs and namespaces of which you are an administrator. Requires the role admin.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download audit rows as CSV
         * @description With the same conditions as `listAudit`, up to `limit` rows. Requires the role admin.
         */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the chain of the audit log
         * @description A row that was changed or removed behind the API's back shows. Requires the role admin.
         */
        get: operations["verifyAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API tokens of scripts
         * @description List the API tokens of scripts. Requires the role admin.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make an API token for a script
         * @description The secret is in this answer and nowhere else: only its hash is kept. Nobody gives a right over pods and nodes that they don't have themselves. Requires the role admin.
         */
        post: operations["makeToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description It stops working within seconds. Requires the role admin.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/left-behind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what people who have no role any more left behind: tokens, schedules, operations to come
         * @description List what people who have no role any more left behind: tokens, schedules, operations to come. Requires the role admin.
         */
        get: operations["listLeftBehind"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List where messages go, and the latest of them
         * @description List where messages go, and the latest of them. Requires the role admin.
         */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test message to every configured address
         * @description Send a test message to every configured address. Requires the role admin.
         */
        post: operations["sendTestMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/ai/{task}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the model about a service: its score, the advice on it, or a finding
         * @description The answer comes later: look at the question or follow its events. The same question is answered from what the model said within the last seven days. Facts of the one service leave, without secrets, and without names unless the env's settings share them. Nothing that the model says is carried out. Requires the role viewer.
         */
        post: operations["askModel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/ai/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the questions to the model: who asked what, what became of it, and what it took
         * @description List the questions to the model: who asked what, what became of it, and what it took. Requires the role admin.
         */
        get: operations["listAiCalls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/ai/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show a question to the model: what was sent, and the answer
         * @description Show a question to the model: what was sent, and the answer. Requires the role viewer.
         */
        get: operations["getAiCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/envs/{env}/ai/calls/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a question to the model
         * @description Server-sent events: `progress` while it is asked, and `end` with the answer or why there is none, after which the stream closes. The data of both is an `AiCall`. Comments keep the connection open. Requires the role viewer.
         */
        get: operations["watchAiCall"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say whether there is a model, and how much of it is left today
         * @description Say whether there is a model, and how much of it is left today. Requires the role viewer.
         */
        get: operations["getAiStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Advice to accept, all of it or none, and how it takes effect. */
        Accept: {
            /** @description Seconds between one service and the next */
            pause_s?: number;
            /** @description Leave out the rest after the first service that fails */
            stop_on_error?: boolean;
            /** @description Wait until a service's rollout is through before the next one is begun */
            wait_rollout?: boolean;
            /** @description Restore the previous values where a rollout fails */
            rollback_on_failure?: boolean;
            /** @description The advice, each service once */
            items: components["schemas"]["AcceptItem"][];
            /**
             * @description `control`: the control table has the count, and the next rollout or scale takes it; `now`: it is scaled
             *     to besides, by an operation
             * @enum {string}
             */
            how?: "control" | "now";
        };
        /** @description An advice to accept. */
        AcceptItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload: advice is accepted for Deployments
             * @constant
             */
            kind?: "Deployment";
            /** @description Name of the workload */
            name: string;
            /**
             * @description The count, or, of advice `of_least`, the least count: the advised one or another, but none below
             *     `replicas_available`
             */
            replicas: number;
            /** @description The advice */
            advice_id: string;
            /**
             * @description Version of the service that it is based on
             * @example 1760000000000000
             */
            version: string;
        };
        /** @description What was accepted. */
        AcceptResult: {
            /** @description The advice, in the given order */
            items: components["schemas"]["Accepted"][];
            /** @description Version of the services' rows since; null where the control table was left alone */
            version: string | null;
            /** @description What scales to the counts; null: nothing does yet */
            operation: components["schemas"]["OperationDetail"] | null;
        };
        /** @description An advice that was accepted. */
        Accepted: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The advice */
            advice_id: string;
            /** @description The count */
            replicas: number;
            /** @description The count that the control table held before; null: it had none */
            replicas_before: number | null;
        };
        /** @description The latest acceptance of a service, and what became of it. */
        AcceptedAdvice: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The advice */
            advice_id: string;
            /**
             * Format: date-time
             * @description When it was accepted, UTC
             */
            at: string;
            /** @description Who accepted it */
            actor: string;
            /** @description Pods that the service had when the advice was made */
            before: number;
            /** @description The count that was accepted */
            replicas: number;
            /** @description Days since on which the service ran with that count and was looked at, at most three */
            looks: number;
            /**
             * @description `held`: nothing got worse on three days; `regretted`: something did; `watched`: not known yet
             * @enum {string}
             */
            state: "watched" | "held" | "regretted";
            /** @description What got worse on the last of these days */
            worse: ("oom_killed" | "throttled" | "near_limit" | "slow" | "errors")[];
            /** @description Whether the control table has its count still, so that it can be rolled back */
            stands: boolean;
            /** @description The operation that scaled to the count; empty where none did */
            operation_id: string;
        };
        /** @description One part of the accepted advice of an env. */
        AcceptedAdvicePage: {
            /** @description The acceptances */
            items: components["schemas"]["AcceptedAdvice"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description What was acknowledged. */
        Acknowledged: {
            /** @description How many alerts */
            count: number;
        };
        /** @description Alerts that somebody takes care of. */
        Acknowledgement: {
            /** @description Which */
            alerts: components["schemas"]["AlertKey"][];
            /** @description What is done about them */
            note?: string;
        };
        /** @description A pod that is to go, and how far it is. */
        ActedPodView: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description The pod's uid: another one of its name is left alone */
            uid: string;
            /** @description What made it; empty: nothing */
            service: string;
            /** @description Node that it is, or was, on */
            source: string;
            /** @description Of moves: node that the plan has for it */
            target: string;
            /** @description Of moves: node on which another one got ready */
            landed: string;
            /**
             * @description How far it is. `blocked`: its eviction was refused, and is asked for again; `stuck`: it is being
             *     deleted, and does not end; `moved`: another one is ready elsewhere; `came_back`: it is on a hot node
             *     again; `skipped`: it was not asked to go
             * @enum {string}
             */
            state: "waiting" | "blocked" | "going" | "gone" | "stuck" | "moved" | "came_back" | "skipped";
            /**
             * @description Why it is blocked, was skipped, or no other one got ready; empty for neither
             * @enum {string}
             */
            reason: "" | "budget" | "gone_already" | "target_gone" | "no_room" | "no_replacement" | "no_owner" | "daemon" | "opted_out" | "isolated" | "local_storage" | "single" | "unmeasured" | "forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable";
            /** @description The same in words: the PodDisruptionBudgets, or what the cluster said */
            detail: string;
            /** @description When it was last asked to go, UTC */
            asked_at: string | null;
            /** @description When it was gone, or given up, UTC */
            ended_at: string | null;
        };
        /** @description A service, by its kind and name; its env and namespace are those of the pod. */
        ActedService: {
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the service */
            name: string;
        };
        /** @description A group of actions on pods, which has rights of its own in the cluster. */
        ActionGroup: {
            /**
             * @description Name of the group
             * @enum {string}
             */
            name: "logs" | "delete" | "isolate" | "diagnose" | "toolbox" | "exec";
            /** @description Whether it is switched on */
            on: boolean;
            /** @description The value of the chart that switches it on */
            chart_value: string;
        };
        /** @description What can be done to pods here. */
        ActionGroups: {
            /** @description Each group, also those that are off */
            groups: components["schemas"]["ActionGroup"][];
            /** @description Where; empty: in all namespaces */
            namespaces: string[];
        };
        /** @description How an action is done. Each parameter belongs to one kind, and is refused with the other. */
        ActionParameters: {
            /**
             * @description Of `delete`. `evict`: only where no PodDisruptionBudget stands against it; `delete`: in any case
             * @enum {string}
             */
            way?: "evict" | "delete";
            /** @description Of `delete`: seconds that the pod has to end; null: as the pod says */
            grace_period_s?: number | null;
            /** @description Of `delete`: take it out without asking its node, only where there is no such node any more */
            force?: boolean;
            /**
             * @description Of `isolate`. `at_once`: out of its Services now; `replacement_first`: when another one is ready
             * @enum {string}
             */
            order?: "at_once" | "replacement_first";
            /** @description Of `isolate`: hours after which the pod is deleted; null: POD_ISOLATE_H */
            until_h?: number | null;
            /** @description Of what a JVM is asked: which one, by its process id in the container; null: the only one */
            pid?: number | null;
            /** @description Of `threads`: how often, 5 seconds apart */
            times?: number;
            /** @description Of `heap_dump`: isolate the pod before, by an action of its own; one that is isolated stays as it is */
            isolate_first?: boolean;
            /**
             * @description Of `heap_dump`: where no folder has room for a file, make a FIFO, through which the JVM writes its heap
             *     while that is downloaded; only of an isolated pod and a JDK from 17 on
             */
            through_fifo?: boolean;
            /** @description Of `jfr`: how long to record, seconds */
            duration_s?: number;
            /**
             * @description Of `jfr`. `default`: what costs least; `profile`: more events
             * @enum {string}
             */
            settings?: "default" | "profile";
        };
        /** @description One decision. */
        Admission: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description Identity of the AdmissionReview */
            uid: string;
            /** @description Who asked Kubernetes */
            user: string;
            /** @description `CREATE` or `UPDATE` */
            operation: string;
            /** @description `deployments` or `deployments/scale` */
            resource: string;
            /** @description Row of the decision table */
            rule: number;
            /** @description The mode that held */
            mode: string;
            /** @description What became of it */
            outcome: string;
            /** @description The governed values that changed, or would have */
            changes: components["schemas"]["AdmissionChange"][];
            /** @description Why something was refused, left alone, or set to another value than the control table's */
            notes: components["schemas"]["AdmissionNote"][];
            /** @description The JSONPatch; null if there was none */
            patch: unknown;
            /** @description What kubectl printed, in English */
            warnings: string[];
        };
        /** @description One value that admission changes. */
        AdmissionChange: {
            /** @description The container; empty for the count of pods */
            container: string;
            /**
             * @description `replicas`, `cpu` or `memory`
             * @enum {string}
             */
            resource: "replicas" | "cpu" | "memory";
            /**
             * @description `request` or `limit`; empty for the count of pods
             * @enum {string}
             */
            kind: "" | "request" | "limit";
            /** @description As Kubernetes writes it; null where there was none */
            before: string | null;
            /** @description As it would be admitted */
            after: string;
            /**
             * @description Where a count comes from: `manual`, `ai` or `observed`; else empty
             * @enum {string}
             */
            source: "" | "manual" | "ai" | "observed";
        };
        /** @description Why something is refused, left alone, or set to another value than the control table's. */
        AdmissionNote: {
            /** @description What it is */
            code: components["schemas"]["NoteCode"];
            /** @description What it is about */
            parameters: {
                [key: string]: string | number;
            };
        };
        /** @description One part of the decisions, the latest first. */
        AdmissionPage: {
            /** @description The decisions */
            items: components["schemas"]["Admission"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description Advice on how many pods a service should have. */
        Advice: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Identity: what an acceptance names */
            id: string;
            /**
             * Format: date-time
             * @description When it was made, UTC
             */
            at: string;
            /**
             * @description `fewer`, `same` or `more`; `none` where reasons stand against advice; `unknown` where its days don't
             *     tell enough
             * @enum {string}
             */
            verdict: "fewer" | "same" | "more" | "none" | "unknown";
            /** @description Pods that the service has, or, `of_least`, the least that its autoscaler keeps */
            replicas_now: number;
            /** @description The largest of its bounds but for the step; null where it is unknown */
            replicas_needed: number | null;
            /** @description One careful step towards it */
            replicas_advised: number | null;
            /** @description The least that disruptions need: no smaller count is accepted */
            replicas_available: number | null;
            /** @description The bound that decides on what is needed */
            binding: ("cpu" | "one_lost" | "memory" | "heap" | "traffic" | "availability" | "step") | null;
            /** @description How far its days can be trusted, 0..1 */
            confidence: number;
            /**
             * Format: date
             * @description The last local day that it looked at
             */
            as_of: string;
            /**
             * @description When the next step can come if this one is accepted on the day after `as_of` and holds; null: there is
             *     none
             */
            next_step_after: string | null;
            /** @description The bounds */
            bounds: components["schemas"]["AdviceBound"][];
            /** @description The numbers that they follow from */
            facts: components["schemas"]["AdviceFact"][];
            /** @description What is asked for less with the advised count; null where it is unknown */
            saving: components["schemas"]["AdviceSaving"] | null;
            /** @description Why there is no advice */
            not_because: ("few_days" | "no_cpu_data" | "no_limit_or_request" | "cluster_unknown" | "least_unknown" | "unregistered" | "off" | "opted_out" | "dismissed" | "new" | "changed_lately" | "counted_by_hand" | "oom_killed" | "throttled" | "near_limit" | "volatile" | "few_replicas" | "low_confidence")[];
            /** @description Whether it is about the least count of an autoscaler */
            of_least: boolean;
            /**
             * @description Version of the service that it was computed from
             * @example 1760000000000000
             */
            version: string;
            /**
             * @description Requests a second of one pod in the peak hours of each day up to `as_of`, the oldest first; null where
             *     that is not known, empty where no source counts them
             */
            load: (number | null)[];
            /** @description What a model says of it; null: nothing was asked */
            ai?: null;
        };
        /** @description The least pods for one reason. */
        AdviceBound: {
            /**
             * @description Which reason
             * @enum {string}
             */
            name: "cpu" | "one_lost" | "memory" | "heap" | "traffic" | "availability" | "step";
            /** @description The least pods */
            least: number;
            /**
             * @description Which sentence its numbers make
             * @enum {string}
             */
            text_code: "cpu_of_limit" | "cpu_of_request" | "one_lost_of_limit" | "one_lost_of_request" | "memory_of_limit" | "memory_never_fits" | "heap_of_max" | "traffic_proved" | "least_replicas" | "disruption_budget" | "spread" | "one_step";
            /** @description The numbers of that sentence, by their names */
            parameters: {
                [key: string]: number | string;
            };
            /** @description The facts that it follows from, by their ids */
            facts: string[];
            /** @description The container that needs most; null where it is the service that does */
            container: string | null;
        };
        /** @description A number that advice is founded on. */
        AdviceFact: {
            /** @description What bounds name it by */
            id: string;
            /**
             * @description What it is
             * @enum {string}
             */
            name: "demand_cpu_m" | "growth_pct" | "skew" | "cpu_per_pod_m" | "limit_cpu_m" | "request_cpu_m" | "limit_mem_mib" | "mem_fixed_mib" | "mem_per_core_mib" | "heap_live_mib" | "heap_max_mib" | "qps" | "qps_proved_per_pod" | "min_replicas" | "budget_least" | "zones" | "replicas_now";
            /** @description The number, in the unit of its name */
            value: number;
            /** @description The local day that it is of; null where it is not a day's */
            date: string | null;
            /**
             * @description Where it comes from
             * @enum {string}
             */
            from: "profile" | "peak" | "traffic" | "jvm" | "manifest" | "cluster" | "setting";
            /** @description The container that it is of; null for the service's */
            container: string | null;
        };
        /** @description One part of the advice of an env. */
        AdviceList: {
            /** @description The advice */
            items: components["schemas"]["Advice"][];
            /** @description What all of it comes to */
            totals: components["schemas"]["AdviceTotals"];
            /** @description The last local day that the latest of it looked at; null while none has been made */
            as_of: string | null;
            /** @description Whether that day is more than two days ago */
            stale: boolean;
        };
        /** @description What is asked for less; below 0 where it is more. */
        AdviceSaving: {
            /** @description CPU requests, millicores */
            cpu_m: number;
            /** @description Memory requests, MiB */
            mem_mib: number;
            /** @description The same in money a month; null where a price is not known */
            money_month: number | null;
            /** @description Currency, three letters (ISO 4217) */
            currency: string;
        };
        /** @description What became of advice. */
        AdviceStatistics: {
            /**
             * Format: date
             * @description First local day
             */
            since: string;
            /** @description Pieces of advice that were accepted */
            accepted: number;
            /** @description Pieces of advice that were dismissed */
            dismissed: number;
            /** @description Pieces of advice that nobody decided on before they could not be accepted any more */
            expired: number;
            /** @description Of the accepted ones, those after which nothing got worse on three days */
            held: number;
            /** @description Of the accepted ones, those after which something did */
            regretted: number;
            /**
             * @description What is saved a month by those that were not regretted, as measured: requests on a day since against
             *     those on the day before whose load was nearest; null where no price is known
             */
            money_month: number | null;
            /** @description Currency, three letters (ISO 4217) */
            currency: string;
            /** @description By month and namespace */
            items: components["schemas"]["DecidedInMonth"][];
        };
        /** @description What all the advice of a list comes to, in all of its parts. */
        AdviceTotals: {
            /** @description Services */
            services: number;
            /** @description Pods that are advised less; below 0 where it is more */
            pods: number;
            /** @description CPU requests that are saved, millicores */
            cpu_m: number;
            /** @description Memory requests that are saved, MiB */
            mem_mib: number;
            /** @description Money a month that is saved; null where no price is known */
            money_month: number | null;
            /** @description Currency, three letters (ISO 4217) */
            currency: string;
            /** @description How many services have which verdict, whichever is listed */
            verdicts: components["schemas"]["VerdictCount"][];
        };
        /** @description A service that has symptoms of a finding about something else. */
        AffectedView: {
            /** @description Its kind, such as `Deployment` */
            object: string;
            /** @description Its namespace */
            namespace: string;
            /** @description Its name */
            name: string;
        };
        /** @description What the model says, within its bounds: plain text without links. Nothing of it is carried out. */
        AiAnswer: {
            /** @description The whole in a sentence; may be empty */
            headline: string;
            /** @description Reasons, each with a fact that was sent */
            reasons: components["schemas"]["AiReason"][];
            /** @description What would have to be measured */
            unknown: string[];
            /** @description Where to look */
            checks: ("logs" | "previous_logs" | "threads" | "heap_info" | "histogram" | "compare_revisions" | "node" | "traffic" | "rollback" | "raise_memory_limit" | "isolate")[];
            /** @description Whether it agrees with our count; null where it reviewed none */
            agrees: boolean | null;
            /** @description The count that it proposes beside ours, within the bounds */
            proposal: number | null;
            /** @description A proposal out of bounds */
            refused: components["schemas"]["AiRefused"] | null;
            /** @description Its estimate of the risk */
            risk: ("low" | "medium" | "high") | null;
            /** @description What to watch afterwards */
            watch: ("cpu" | "memory" | "latency" | "errors" | "gc" | "restarts")[];
            /** @description Reasons that were left out: without a known fact, or with another namespace's name */
            dropped: number;
        };
        /** @description A question to the model, and what became of it. */
        AiCall: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Identity */
            id: string;
            /** @description What was asked */
            task: string;
            /**
             * @description `asked` until there is an answer, or none will come
             * @enum {string}
             */
            state: "asked" | "answered" | "failed" | "refused";
            /** @description Why there is no answer */
            failure: ("unreachable" | "proxy" | "tls" | "timeout" | "wrong_key" | "not_found" | "refused" | "rate_limited" | "server_error" | "redirected" | "not_json" | "too_large" | "cut_off" | "declined" | "invalid" | "busy" | "interrupted" | "failed") | null;
            /**
             * Format: date-time
             * @description When it was asked, UTC
             */
            at: string;
            /** @description Name of the model */
            model: string;
            /**
             * @description Language of the answer
             * @enum {string}
             */
            language: "en" | "zh-CN";
            /**
             * @description What was shared with the model
             * @enum {string}
             */
            share: "numbers" | "names" | "names_and_logs";
            /** @description Facts and lines for which the question had no room */
            left_out: number;
            /** @description The same was asked within the last seven days: this is that question */
            reused: boolean;
            /** @description The answer */
            answer: components["schemas"]["AiAnswer"] | null;
            /** @description What was sent, JSON */
            sent: string;
        };
        /** @description Questions to the model, the latest first. */
        AiCallList: {
            /** @description The questions */
            items: components["schemas"]["ListedAiCall"][];
            /** @description How many there are */
            total: number;
        };
        /** @description A sentence of the model's, as plain text. */
        AiReason: {
            /** @description What it says */
            text: string;
            /** @description Ids of the facts that it relies on; they are in `sent` */
            facts: string[];
            /** @description How likely it is, as the model thinks; null where it was not asked */
            likelihood: ("low" | "medium" | "high") | null;
        };
        /** @description A count that the model proposed and that is out of bounds. */
        AiRefused: {
            /** @description What it proposed */
            replicas: number;
            /**
             * @description Which way it is out of bounds
             * @enum {string}
             */
            code: "below_least" | "above_most";
            /** @description The bound */
            bound: number;
            /** @description Name of what makes the bound, such as `availability`; may be empty */
            because: string;
        };
        /** @description Whether there is a model, and how much of it is left today. */
        AiStatus: {
            /** @description Whether a model is configured */
            configured: boolean;
            /** @description Its name */
            model: string | null;
            /** @description Tokens that are left of the day's (UTC), of all envs together; null without a model */
            budget_left: number | null;
            /** @description Tokens of a day */
            budget: number | null;
            /**
             * @description `open`: its server failed several times and is left alone for some minutes
             * @enum {string}
             */
            circuit: "closed" | "open";
        };
        /** @description One alert as it was sent last. */
        Alert: {
            /** @description Of its labels */
            fingerprint: string;
            /**
             * Format: date-time
             * @description Since when it fires, UTC
             */
            starts_at: string;
            /** @description When it was resolved, UTC; null while it is open */
            ends_at: string | null;
            /**
             * @description `firing` or `resolved`
             * @enum {string}
             */
            state: "firing" | "resolved";
            /** @description `alertmanager` or `custom` */
            source: string;
            /** @description What is wrong */
            alertname: string;
            /** @description As the label says, in small letters */
            severity: string;
            /** @description Every label */
            labels: {
                [key: string]: string;
            };
            /** @description What people read */
            annotations: {
                [key: string]: string;
            };
            /** @description How many of both were left out or cut, being too many or too long */
            cut: number;
            /** @description Where; empty: in no namespace */
            namespace: string;
            /** @description Kind of the service; empty where it is about none, or it is not known */
            kind: string;
            /** @description Name of the service */
            name: string;
            /** @description Name of the pod */
            pod: string;
            /** @description Name of the node */
            node: string;
            /** @description Where its expression can be looked at */
            generator_url: string;
            /**
             * Format: date-time
             * @description When it was sent last, UTC
             */
            received_at: string;
            /** @description Who has acknowledged it; empty: nobody */
            ack_by: string;
            /** @description What they wrote */
            ack_note: string;
            /** @description When that was, UTC */
            ack_at: string | null;
        };
        /** @description The alerts of one day, name and service. */
        AlertGroup: {
            /**
             * Format: date
             * @description On which they began, in the time zone of the cluster
             */
            day: string;
            /** @description What is wrong */
            alertname: string;
            /** @description Where; empty: in no namespace */
            namespace: string;
            /** @description Kind of the service; empty where they are about none, or it is not known */
            kind: string;
            /** @description Name of the service */
            name: string;
            /** @description Of the latest of them */
            severity: string;
            /** @description The annotation `summary`, else `message` or `description`, of the latest */
            summary: string;
            /** @description How many began that day */
            alerts: number;
            /** @description How many of them are open */
            firing: number;
            /** @description How many of those nobody has acknowledged */
            unacknowledged: number;
            /**
             * Format: date-time
             * @description When the first began, UTC
             */
            first: string;
            /**
             * Format: date-time
             * @description When the latest began, UTC
             */
            last: string;
            /** @description How many pods they are about */
            pod_count: number;
            /** @description Those pods, the first 100: open ones first */
            pods: components["schemas"]["AlertPod"][];
            /** @description The nodes that they are about, the first 100 */
            nodes: string[];
            /** @description Where Alertmanager silences them; null while the setting `alertmanager_url` is empty */
            silence_url: string | null;
        };
        /** @description Alerts by day, name and service. */
        AlertGroups: {
            /** @description The groups: the latest day first, and of a day what is open first */
            items: components["schemas"]["AlertGroup"][];
            /** @description How many groups there are */
            total: number;
        };
        /** @description One alert. */
        AlertKey: {
            /** @description Of its labels */
            fingerprint: string;
            /**
             * Format: date-time
             * @description Since when it fires
             */
            starts_at: string;
        };
        /** @description Single alerts. */
        AlertPage: {
            /** @description The alerts, the latest first */
            items: components["schemas"]["Alert"][];
            /** @description How many there are */
            total: number;
        };
        /** @description A pod that alerts of a group are about. */
        AlertPod: {
            /** @description Name of the pod */
            pod: string;
            /** @description How many alerts */
            count: number;
            /** @description How many of them are open */
            firing: number;
            /**
             * Format: date-time
             * @description When the latest began, UTC
             */
            last: string;
        };
        /** @description One alert as Alertmanager sends it. */
        AlertmanagerAlert: {
            /**
             * @description Whether it fires
             * @enum {string}
             */
            status: "firing" | "resolved";
            /** @description What tells it from others; all are kept */
            labels: {
                [key: string]: string;
            };
            /** @description What people read */
            annotations?: {
                [key: string]: string;
            };
            /**
             * Format: date-time
             * @description Since when it fires, UTC
             */
            startsAt: string;
            /** @description When it was resolved, UTC; the year 1 while it fires */
            endsAt?: string | null;
            /** @description Where its expression can be looked at */
            generatorURL?: string;
            /** @description Of its labels */
            fingerprint: string;
        };
        /** @description The body of Alertmanager's webhook, version 4. */
        AlertmanagerMessage: {
            /**
             * @description Version of the body
             * @constant
             */
            version: "4";
            /** @description The alerts of a group */
            alerts: components["schemas"]["AlertmanagerAlert"][];
            /** @description How many Alertmanager left out, by `max_alerts` of the receiver: leave it at 0 */
            truncatedAlerts?: number;
        };
        /** @description What was taken; it is stored by now. */
        AlertsTaken: {
            /** @description How many alerts */
            taken: number;
            /** @description How many of their labels and annotations were left out or cut, being too many or too long */
            cut: number;
        };
        /** @description One resource over all pods at the peak; cpu in millicores, memory in MiB. */
        Amount: {
            /** @description Pods × P95, summed up */
            used: number;
            /** @description Pods × request, summed up, where there was a request */
            requested: number;
            /** @description Pods × limit, summed up, where there was a limit */
            limited: number;
            /** @description Request above use, summed up over the containers that asked for more than they used */
            waste: number;
            /** @description Use above request, summed up over the containers that used more than they asked for */
            shortage: number;
        };
        /** @description A move of the plan. */
        AskedMove: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description The pod's uid, as the plan said: another pod of the same name is left alone */
            uid: string;
            /** @description The hot node that it is on */
            source: string;
            /** @description The node that the plan has for it */
            target: string;
        };
        /** @description An action on one pod. */
        AskedPodAction: {
            /**
             * @description What to do
             * @enum {string}
             */
            kind: "delete" | "isolate" | "threads" | "histogram" | "heap_info" | "native_memory" | "flags" | "heap_dump" | "jfr" | "terminal";
            /** @description Namespace of the pod */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description Of what a JVM is asked, and of `terminal`: the container; empty: the pod's main one */
            container?: string;
            /** @description The pod's uid, as it was seen: another pod of its name is refused. Null for a preview: whichever */
            uid?: string | null;
            /** @description How */
            parameters?: components["schemas"]["ActionParameters"];
        };
        /** @description A taint to add. `NoExecute` is none of these: it throws pods out past every PodDisruptionBudget. */
        AskedTaint: {
            /** @description Key */
            key: string;
            /** @description Value; empty for none */
            value?: string;
            /**
             * @description `NoSchedule` keeps new pods off, `PreferNoSchedule` where others have room
             * @enum {string}
             */
            effect: "NoSchedule" | "PreferNoSchedule";
        };
        /** @description One service to act on. */
        AskedTarget: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload: operations are of Deployments
             * @constant
             */
            kind?: "Deployment";
            /** @description Name of the workload */
            name: string;
            /**
             * @description Scale to this number of pods, which becomes the service's manual count; null: to the count that
             *     the control table has. For scale alone. A service with what is no count fails; the others go on
             */
            replicas?: number | null;
            /** @description Move the bounds of the service's autoscaler instead; without it an autoscaled service is refused */
            autoscaler_bounds?: components["schemas"]["AutoscalerBounds"] | null;
        };
        /** @description One thing that a change changed. */
        AspectView: {
            /** @description Such as `limit_mem_mib lowered`, `image`, `template`, `placement`, `replicas raised` */
            name: string;
            /** @description Of which container; empty: of the whole; of a setting its key */
            container: string;
            /** @description What it was; null where there was none, or it is not known */
            before: string | number | null;
            /** @description What it became */
            after: string | number | null;
        };
        /** @description One part of the audit log, the latest first. */
        AuditPage: {
            /** @description The rows */
            items: components["schemas"]["AuditRow"][];
            /** @description Goes into `cursor` for the next part; null at the end */
            next_cursor: string | null;
        };
        /** @description Who did or tried what. */
        AuditRow: {
            /** @description Place in the chain */
            seq: string;
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description Who */
            actor: string;
            /** @description The role that was used, or empty for a sign-in */
            role: string;
            /** @description From which address */
            remote: string;
            /** @description Identity of the request, as in the logs and in `X-Request-Id` */
            request_id: string;
            /** @description What: an operation of this document, or `signIn` */
            action: string;
            /** @description In which env; empty if in none */
            env: string;
            /** @description In which namespace */
            namespace: string;
            /** @description On which Deployment */
            name: string;
            /** @description What stood before; null if nothing */
            before: unknown;
            /** @description What stands now; null if nothing */
            after: unknown;
            /** @description `succeeded`, `refused`, `failed`, or the outcome of a sign-in */
            outcome: string;
            /** @description Hash over the row and the hash of the row before it */
            hash: string;
        };
        /** @description Whether the chain is whole. */
        AuditVerdict: {
            /** @description True if no row was changed or removed */
            whole: boolean;
            /** @description Rows that were checked */
            rows: number;
            /** @description Hash of the last good row; keep it elsewhere to notice rows cut off at the end */
            head: string;
            /** @description The first row that is wrong, and how */
            problem: string | null;
        };
        /** @description A registered service whose count an autoscaler owns, or would. */
        AutoscaledService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the autoscaler; empty where none was found, or nobody knows its name */
            autoscaler: string;
            /** @description How it was found; null where people say so */
            source: ("hpa" | "keda" | "metrics" | "scale") | null;
            /** @description Whether `enforce` leaves its count alone; false: the count is pinned, and set whatever scales */
            left_alone: boolean;
            /** @description The count that it runs with; null where it does not run */
            live: number | null;
            /** @description The count of the control table, which `enforce` sets where the count is not left alone; null: none */
            governed: number | null;
        };
        /** @description Between which counts an autoscaler may move. */
        AutoscalerBounds: {
            /** @description Fewest pods; 0 where the cluster allows it */
            min_replicas: number;
            /** @description Most pods */
            max_replicas: number;
        };
        /** @description Changes of many services. */
        Batch: {
            /** @description The changes, each service once */
            changes: components["schemas"]["BatchItem"][];
            /** @description Only say what would change */
            dry_run?: boolean;
        };
        /** @description A change of one service. */
        BatchItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /**
             * @description The `version` that the change is based on
             * @example 1760000000000000
             */
            version: string;
            /** @description The change */
            edit: components["schemas"]["ServiceEdit"];
        };
        /** @description A service whose governed values the namespace's LimitRange does not allow as they are. */
        BoundedService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description What is set to another value, or left alone */
            notes: components["schemas"]["AdmissionNote"][];
        };
        /** @description A PodDisruptionBudget that holds the pod. */
        BudgetView: {
            /** @description Its name */
            name: string;
            /** @description So many pods may go now, as Kubernetes reckons */
            allowed: number;
        };
        /** @description What becomes of one service. */
        BulkItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /**
             * @description `added` registers it, or brings a removed one back
             * @enum {string}
             */
            action: "added" | "changed" | "unchanged";
            /** @description The expert's values before; null where there are none */
            before: components["schemas"]["ExpertService"] | null;
            /** @description The expert's values after */
            after: components["schemas"]["ExpertService"];
            /** @description Values that the namespace's LimitRange does not allow as they are; empty where nothing changes */
            notes: components["schemas"]["AdmissionNote"][];
        };
        /** @description What was changed, or would be. */
        BulkResult: {
            /** @description True: nothing was changed */
            dry_run: boolean;
            /** @description Services that were not registered by hand before */
            added: number;
            /** @description Services with other values than before */
            changed: number;
            /** @description Services that are as they were */
            unchanged: number;
            /** @description Version of every row that was written; null where none was */
            version: string | null;
            /** @description Each service */
            items: components["schemas"]["BulkItem"][];
            /** @description Quotas of the namespaces that do not hold what the control table's values of their services come to */
            quotas_exceeded: components["schemas"]["QuotaExceeded"][];
        };
        /** @description What is to run when, over all enabled schedules of an env. */
        Calendar: {
            /** @description The times, the earliest first */
            items: components["schemas"]["CalendarItem"][];
            /** @description Whether there are more than were asked for: those returned are the earliest */
            truncated: boolean;
        };
        /** @description One time at which a schedule runs. */
        CalendarItem: {
            /**
             * Format: date-time
             * @description UTC
             */
            at: string;
            /** @description The same in the schedule's time zone, with its offset */
            local: string;
            /** @description The schedule */
            schedule_id: string;
            /** @description What people call it */
            name: string;
            /**
             * @description `scale` or `restart`
             * @enum {string}
             */
            kind: "scale" | "restart";
        };
        /** @description What the nodes of an env have left now: allocatable minus what all their pods request. */
        Capacity: {
            /** @description Nodes that take ordinary pods: ready, not cordoned, without a taint that repels; null while unknown */
            nodes: number | null;
            /** @description Allocatable and not requested, over those nodes, millicores; null while unknown */
            free_cpu_m: number | null;
            /** @description Allocatable and not requested, over those nodes, MiB; null while unknown */
            free_mem_mib: number | null;
            /** @description Why it is unknown, in one word; empty if it is known */
            reason: ("" | "no_cluster") | ("forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable");
            /** @description Why it is unknown, in words */
            detail: string;
        };
        /** @description What was changed of a service. */
        ChangeList: {
            /** @description The changes, the latest first, at most 50 */
            items: components["schemas"]["ChangeView"][];
        };
        /** @description What somebody or something changed before. */
        ChangeView: {
            /** @description Identity within the finding */
            id: string;
            /**
             * @description Who or what did it: `edit` by hand, `derived` by the collector, `operation`, `schedule`, `admission`,
             *     `rollout` of another pod template, `node` that came or went, `setting`
             * @enum {string}
             */
            code: "edit" | "derived" | "operation" | "schedule" | "admission" | "rollout" | "node" | "setting";
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description Who; empty where it is not known */
            by: string;
            /** @description Kind of what was changed */
            object: string;
            /** @description Its namespace */
            namespace: string;
            /** @description Its name */
            name: string;
            /** @description Identity of its record: a version, an operation, the uid of a review, a ReplicaSet, a node */
            source: string;
            /** @description What it changed */
            aspects: components["schemas"]["AspectView"][];
            /** @description Whether such a change may bring such a finding about */
            explains: boolean;
        };
        /** @description A service after a change, and what its namespace's LimitRange and quotas make of that. */
        ChangedService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description Version of the expert's row, `0` while there is none; goes into If-Match
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description Latest change of any value, UTC
             */
            updated_at: string;
            /** @description Who made it */
            updated_by: string;
            /** @description Number of pods, and where it comes from */
            replicas: components["schemas"]["ReplicaCounts"];
            /**
             * @description Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
             *     (`autoscaled`), or KubeDoor's whatever scales (`pinned`)
             * @enum {string}
             */
            replicas_policy: "as_found" | "autoscaled" | "pinned";
            /** @description Whether admission leaves the count alone, by that and by what was found */
            autoscaled: boolean;
            /** @description What was found to own the count; null: nothing */
            autoscaler: components["schemas"]["FoundAutoscaler"] | null;
            /** @description The service's own admission mode; null: as its namespace or env says */
            mode: ("off" | "observe" | "enforce") | null;
            /** @description What people wrote about it */
            note: string;
            /**
             * @description What deserves a look; `new`: first seen within the 7 days up to the env's latest collected one, and
             *     after its first
             */
            flags: ("hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem" | "errors" | "gc_overhead" | "heap_full" | "new" | "no_replicas" | "not_seen" | "peaks_elsewhere" | "slow")[];
            /** @description Its containers */
            containers: components["schemas"]["Container"][];
            /** @description The env's latest collected peak; null if the service was not seen then */
            peak: components["schemas"]["ServicePeak"] | null;
            /** @description Where the derived values come from */
            provenance: components["schemas"]["Provenance"];
            /** @description What it was asked at that peak; null where nobody counted, and `unknown` says why */
            traffic: components["schemas"]["ServiceTraffic"] | null;
            /** @description Heap and garbage collection at that peak; likewise */
            jvm: components["schemas"]["ServiceJvm"] | null;
            /** @description Its score of that day; likewise */
            score: components["schemas"]["ShownScore"] | null;
            /** @description Why one of these is not known */
            unknown: components["schemas"]["Unknown"];
            /**
             * @description Values that the namespace's LimitRange does not allow as they are: what admission sets in their
             *     place, or that it leaves all of them alone
             */
            notes: components["schemas"]["AdmissionNote"][];
            /**
             * @description The namespace's quotas that do not hold what the control table's values of its services come to
             *     together: pods beyond are refused
             */
            quotas_exceeded: components["schemas"]["QuotaExceeded"][];
        };
        /** @description A request for days, or a daily run, and what became of it. */
        Collection: {
            /** @description Identity of the request, or of the run where nobody asked for it */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description Who made it: a person, the clock or the command line
             * @enum {string}
             */
            trigger: "request" | "daily" | "command";
            /**
             * @description `pending` until a collector takes it up
             * @enum {string}
             */
            state: "pending" | "running" | "succeeded" | "failed" | "abandoned";
            /** @description Local days, oldest first */
            dates: string[];
            /** @description Days that are done */
            day_index: number;
            /** @description Days in all */
            day_count: number;
            /** @description Services found so far */
            services_seen: number;
            /** @description Seconds between two scrapes of most containers, as found in the samples; null while none was found */
            scrape_interval_s: number | null;
            /** @description How many entries `left_out` of `getCollection` has */
            left_out_count: number;
            /** @description Days that failed, and why */
            errors: components["schemas"]["DayError"][];
            /** @description Who asked for it */
            requested_by: string;
            /**
             * Format: date-time
             * @description When it was asked for or began, UTC
             */
            requested_at: string;
            /** @description When a collector took it up, UTC */
            started_at: string | null;
            /** @description When the collector was last heard of, UTC */
            heartbeat_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
        };
        /** @description A collection with everything that was left out of it. */
        CollectionDetails: {
            /** @description Identity of the request, or of the run where nobody asked for it */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description Who made it: a person, the clock or the command line
             * @enum {string}
             */
            trigger: "request" | "daily" | "command";
            /**
             * @description `pending` until a collector takes it up
             * @enum {string}
             */
            state: "pending" | "running" | "succeeded" | "failed" | "abandoned";
            /** @description Local days, oldest first */
            dates: string[];
            /** @description Days that are done */
            day_index: number;
            /** @description Days in all */
            day_count: number;
            /** @description Services found so far */
            services_seen: number;
            /** @description Seconds between two scrapes of most containers, as found in the samples; null while none was found */
            scrape_interval_s: number | null;
            /** @description How many entries `left_out` of `getCollection` has */
            left_out_count: number;
            /** @description Days that failed, and why */
            errors: components["schemas"]["DayError"][];
            /** @description Who asked for it */
            requested_by: string;
            /**
             * Format: date-time
             * @description When it was asked for or began, UTC
             */
            requested_at: string;
            /** @description When a collector took it up, UTC */
            started_at: string | null;
            /** @description When the collector was last heard of, UTC */
            heartbeat_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
            /** @description What has no figures, or not the usual ones, by day, and why */
            left_out: components["schemas"]["DayLeftOut"][];
        };
        /** @description One part of the collections of an env, the latest first. */
        CollectionList: {
            /** @description The collections */
            items: components["schemas"]["Collection"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description One container of a service. */
        Container: {
            /** @description Name of the container; empty for the pod's first one */
            name: string;
            /** @description What admission applies: the expert's value where there is one, else the derived one */
            effective: components["schemas"]["ResourceValues"];
            /** @description What was entered by hand */
            expert: components["schemas"]["ResourceValues"];
            /** @description What the collector derived: requests from the peak day, limits as first seen */
            derived: components["schemas"]["ResourceValues"];
            /** @description Use at the latest collected peak; null if the container was not seen that day */
            peak: components["schemas"]["ContainerPeak"] | null;
        };
        /** @description One container on one day; null where unknown. */
        ContainerDay: {
            /** @description P95 over the window of the mean over pods of the cpu use, millicores */
            p95_cpu_m: number | null;
            /** @description The hottest pod's own P95 of the cpu use, millicores */
            p95_cpu_hot_m: number | null;
            /** @description P95 over the window of the mean over pods of the memory working set, MiB */
            p95_mem_mib: number | null;
            /** @description The largest pod's own P95 of the memory working set, MiB */
            p95_mem_hot_mib: number | null;
            /** @description Largest memory working set, MiB */
            max_mem_mib: number | null;
            /** @description CPU request that the pods ran with, millicores */
            request_cpu_m: number | null;
            /** @description CPU limit that the pods ran with, millicores */
            limit_cpu_m: number | null;
            /** @description Memory request that the pods ran with, MiB */
            request_mem_mib: number | null;
            /** @description Memory limit that the pods ran with, MiB */
            limit_mem_mib: number | null;
            /**
             * Format: date
             * @description Local day on which the window began
             */
            date: string;
            /** @description Name of the container */
            container: string;
            /** @description Median over the window of the number of pods */
            pod_count: number | null;
            /** @description Out-of-memory kills in the window */
            oom_kills: number | null;
            /** @description Share of the window's periods that were throttled, per cent */
            throttled_pct: number | null;
            /** @description Samples that were there over samples that should have been, 0..1 */
            coverage: number | null;
        };
        /** @description New expert's values of one container. A field left out stays; null clears it. */
        ContainerEdit: {
            /** @description Name of the container; empty for the pod's first one */
            name: string;
            /** @description CPU request, millicores */
            request_cpu_m?: number | null;
            /** @description CPU limit, millicores */
            limit_cpu_m?: number | null;
            /** @description Memory request, MiB */
            request_mem_mib?: number | null;
            /** @description Memory limit, MiB */
            limit_mem_mib?: number | null;
        };
        /** @description What a container used in the peak window of one day; null where unknown. */
        ContainerPeak: {
            /** @description P95 over the window of the mean over pods of the cpu use, millicores */
            p95_cpu_m: number | null;
            /** @description The hottest pod's own P95 of the cpu use, millicores */
            p95_cpu_hot_m: number | null;
            /** @description P95 over the window of the mean over pods of the memory working set, MiB */
            p95_mem_mib: number | null;
            /** @description The largest pod's own P95 of the memory working set, MiB */
            p95_mem_hot_mib: number | null;
            /** @description Largest memory working set, MiB */
            max_mem_mib: number | null;
            /** @description CPU request that the pods ran with, millicores */
            request_cpu_m: number | null;
            /** @description CPU limit that the pods ran with, millicores */
            limit_cpu_m: number | null;
            /** @description Memory request that the pods ran with, MiB */
            request_mem_mib: number | null;
            /** @description Memory limit that the pods ran with, MiB */
            limit_mem_mib: number | null;
            /** @description P95 of the cpu use in per cent of the limit that held; null without a limit */
            cpu_pct: number | null;
            /** @description P95 of the memory in per cent of the limit that held; null without a limit */
            mem_pct: number | null;
            /** @description Out-of-memory kills in the window */
            oom_kills: number | null;
            /** @description Share of the window's periods that were throttled, per cent */
            throttled_pct: number | null;
            /** @description Samples that were there over samples that should have been, 0..1 */
            coverage: number | null;
            /**
             * @description Who said which Deployment the pods are of: kube-state-metrics, or nobody, and it was read from
             *     the pods' names
             */
            owner_source: ("metrics" | "name") | null;
        };
        /** @description Why a node is to take no more pods. */
        CordonRequest: {
            /** @description The node's name, typed */
            confirm: string;
            /** @description That a node is meant which runs the cluster itself */
            control_plane?: boolean;
            /** @description Why, for others; it stands in an annotation of the node */
            reason: string;
            /** @description Until when it is meant, with its zone. It is told, and ends by nobody's hand but yours */
            until?: string | null;
        };
        /** @description An alert of a script's own. */
        CustomAlert: {
            /** @description What is wrong, in a word, such as `BackupFailed` */
            alertname: string;
            /**
             * Format: date-time
             * @description Since when; send the same once more to resolve it
             */
            starts_at: string;
            /**
             * @description Whether it fires
             * @enum {string}
             */
            state?: "firing" | "resolved";
            /** @description When it was resolved, UTC; null: now */
            ends_at?: string | null;
            /** @description What tells it from others, and where it is: `severity`, `namespace`, `pod`, `deployment`, ... */
            labels?: {
                [key: string]: string;
            };
            /** @description What people read, such as `summary` */
            annotations?: {
                [key: string]: string;
            };
        };
        /** @description Alerts of a script's own. */
        CustomAlerts: {
            /** @description The alerts */
            alerts: components["schemas"]["CustomAlert"][];
        };
        /** @description A day that could not be collected; it keeps what it had. */
        DayError: {
            /**
             * Format: date
             * @description The local day
             */
            date: string;
            /** @description Why */
            reason: string;
        };
        /** @description What a run left out of a day. */
        DayLeftOut: {
            /**
             * @description Why: `no_owner`, a pod without a controller; `owner_unknown`, one of which kube-state-metrics tells no
             *     owner; `several_owners`; `name_unknown`, a pod whose name is no Deployment's where no owners are told;
             *     `not_running`, a service none of whose pods ran; `not_in_spec`, a container that its pod's spec does not
             *     have; `odd_interval`, scraped at an interval that doesn't fit minutes;
             *     `traffic_failed`, `jvm_failed` and `nodes_failed`, the requests or JVMs of all services or the nodes,
             *     since the store did not answer; `node_unknown`, series of a node's use of which nothing tells the node;
             *     `counter_unplaced`, series of counters that name no pod; `counter_unknown_pod`, those of pods of which the
             *     store tells nothing else; `ingress_unmatched`, a Service behind which no single service is known;
             *     `jvm_container`, JVMs that name none of several containers; `other`, one that a newer collector tells
             *     of
             * @enum {string}
             */
            reason: "no_owner" | "owner_unknown" | "several_owners" | "name_unknown" | "traffic_failed" | "jvm_failed" | "counter_unplaced" | "counter_unknown_pod" | "ingress_unmatched" | "jvm_container" | "nodes_failed" | "node_unknown" | "not_running" | "not_in_spec" | "odd_interval" | "other";
            /** @description Kubernetes namespace; empty where it is about all of the env */
            namespace: string;
            /**
             * @description The service, else the pod, else service and container, the interval, the metric or its source; empty
             *     for the others of this reason, where they are too many to name
             */
            name: string;
            /** @description How many pods or containers */
            count: number;
            /**
             * Format: date
             * @description The local day
             */
            date: string;
        };
        /** @description The peak of one day. */
        DayTotals: {
            /** @description Services that were seen */
            services: number;
            /** @description Their pods */
            pods: number;
            /** @description CPU, millicores */
            cpu_m: components["schemas"]["Amount"];
            /** @description Memory, MiB */
            mem_mib: components["schemas"]["Amount"];
            /**
             * Format: date
             * @description Local day on which the window began
             */
            date: string;
        };
        /** @description What was decided on the services of a namespace in a month. */
        DecidedInMonth: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * Format: date
             * @description First day of the month, UTC
             */
            month: string;
            /** @description Pieces of advice that were accepted */
            accepted: number;
            /** @description Pieces of advice that were dismissed */
            dismissed: number;
            /** @description Pieces of advice that nobody decided on before they could not be accepted any more */
            expired: number;
            /** @description Of the accepted ones, those after which nothing got worse on three days */
            held: number;
            /** @description Of the accepted ones, those after which something did */
            regretted: number;
            /** @description CPU that is requested less since than at equal load before, millicores; null: nothing is known yet */
            cpu_m: number | null;
            /** @description Memory likewise, MiB */
            mem_mib: number | null;
            /** @description The same in money a month; null where no price is known, or nothing else is */
            money_month: number | null;
        };
        /** @description Something that takes points off the score. */
        Deduction: {
            /**
             * @description Part of the score
             * @enum {string}
             */
            part: "cost" | "safety" | "count" | "runtime" | "steadiness";
            /**
             * @description What was found
             * @enum {string}
             */
            rule: "request_unused" | "oom_killed" | "oom_killed_often" | "memory_near_limit" | "cpu_near_limit" | "cpu_request_short" | "memory_request_short" | "throttled" | "much_throttled" | "no_memory_limit" | "one_pod" | "too_many_pods" | "too_few_pods" | "errors" | "many_errors" | "slow" | "very_slow" | "gc" | "much_gc" | "full_gc" | "heap_full" | "hot_pod" | "very_hot_pod" | "restarts" | "thin_coverage";
            /**
             * Format: date
             * @description Local day on which it was found: the scored one, or that of the last kill
             */
            date: string;
            /** @description Points of the score that it takes: with the score, all of them are a hundred */
            points: number;
            /** @description What was measured */
            value: number;
            /** @description From where on it takes points */
            threshold: number;
            /** @description Name of the container; null where it is not one's */
            container: string | null;
            /** @description What could be done; null: none of our own actions helps */
            remedy: components["schemas"]["Remedy"] | null;
            /** @description How many changes it takes to have the points back; `remedy` is the one that gives most */
            changes: number;
        };
        /** @description Advice to dismiss. */
        Dismiss: {
            /** @description The advice, each service once */
            items: components["schemas"]["DismissItem"][];
            /**
             * Format: date
             * @description The local day from which on there is advice again
             */
            until: string;
            /** @description Why, for whoever looks next */
            reason?: string;
        };
        /** @description An advice that nobody wants to hear. */
        DismissItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The advice */
            advice_id: string;
        };
        /** @description What was dismissed. */
        Dismissed: {
            /** @description The services */
            items: components["schemas"]["ServiceName"][];
            /**
             * Format: date
             * @description The local day from which on there is advice again
             */
            until: string;
        };
        /** @description What a drain would do. Nothing is changed. */
        DrainPreview: {
            /** @description Name of the node */
            node: string;
            /** @description Whether it is cordoned already: then it stays so, also where the drain is cancelled */
            cordoned: boolean;
            /** @description Whether it runs the cluster itself, which has to be agreed to */
            control_plane: boolean;
            /** @description The pods on it that have not ended */
            pods: components["schemas"]["DrainedPod"][];
            /** @description How many of them would be evicted */
            goes: number;
            /** @description How many of those find no room elsewhere: they stay pending */
            homeless: number;
            /** @description Services that nobody answers for until another pod is ready: all that are ready are on this node */
            down: components["schemas"]["ServiceDown"][];
        };
        /** @description Say what a drain would do. */
        DrainPreviewRequest: Record<string, never>;
        /** @description Drain a node, with its name typed. */
        DrainRequest: {
            /** @description Why, for others; it stands in an annotation of the node */
            reason: string;
            /** @description That pods go whose `emptyDir` is lost with them */
            local_data?: boolean;
            /** @description That pods go which nothing makes again */
            without_owner?: boolean;
            /** @description Seconds that each pod has to end; null: as the pod says */
            grace_period_s?: number | null;
            /** @description Seconds after which the drain has failed; what is still there then is told */
            timeout_s?: number;
            /** @description The node's name, typed */
            confirm: string;
            /** @description That a node is meant which runs the cluster itself */
            control_plane?: boolean;
        };
        /** @description A pod on a node, and what a drain would do with it. */
        DrainedPod: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description What made it; empty: nothing */
            service: string;
            /**
             * @description Why it stays: `daemon`, a DaemonSet would put it back; `static`, it is a file of the node; null: it
             *     goes
             */
            stays: ("daemon" | "static") | null;
            /** @description What has to be agreed to: `no_owner`, nothing makes it again; `local_data`, its `emptyDir` is lost */
            asks: ("no_owner" | "local_data")[];
            /**
             * @description Whether it is KubeDoor's own, and its one `emptyDir` is its `/tmp`, which holds nothing that is worth
             *     keeping: `local_data` is not asked for
             */
            scratch_only: boolean;
            /** @description PodDisruptionBudgets that allow none to go now: the drain waits for them */
            blocked_by: string[];
            /** @description A node that has room for it, beside all others that go; empty: it stays, or none has */
            target: string;
            /** @description Where none has: what stands against it at the most nodes */
            why: ("taint" | "affinity" | "volume_zone" | "anti_affinity" | "pod_affinity" | "spread" | "host_port" | "cpu" | "memory" | "pods" | "other_resource") | null;
        };
        /** @description Differences between a cluster and the control table. */
        Drift: {
            /** @description One part of the differences, by namespace and name */
            items: components["schemas"]["DriftItem"][];
            /** @description How many there are in all parts */
            total: number;
            /** @description Live Deployments in governed namespaces that were compared */
            checked: number;
        };
        /** @description One Deployment that is not as the control table says. */
        DriftItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /**
             * @description `drifted`: it runs with other values; `unregistered`: it runs and is not in the control table;
             *     `missing`: it is in the control table and does not run
             * @enum {string}
             */
            state: "drifted" | "unregistered" | "missing";
            /** @description What admission would change if it were rolled out now */
            changes: components["schemas"]["AdmissionChange"][];
        };
        /** @description A cluster and the state it is in. */
        Env: {
            /** @description Name of the cluster */
            name: string;
            /**
             * @description Admission mode of the whole cluster; `off` until one is set
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
            /** @description Daily business peak, `HH:MM-HH:MM` in `timezone`; may cross midnight */
            peak_hours: string;
            /** @description Time zone of the cluster */
            timezone: string;
            /** @description Latest collected day; null while there is none */
            latest_date: string | null;
            /** @description When that day was collected, UTC */
            collected_at: string | null;
            /** @description Seconds since then */
            age_s: number | null;
            /** @description Registered services that you may see */
            service_count: number;
            /**
             * @description Whether the cluster's API server answered lately; null where no cluster is configured or
             *     nothing has asked it yet
             */
            reachable: boolean | null;
        };
        /** @description The clusters that are known. */
        EnvList: {
            /** @description The clusters, this installation's own first */
            items: components["schemas"]["Env"][];
        };
        /** @description The admission mode of an env and of those namespaces that have their own. */
        EnvMode: {
            /**
             * @description `off`, `observe` (say what would change, change nothing) or `enforce`
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
            /**
             * @description Version of the setting, `0` while there is none; goes into If-Match
             * @example 1760000000000000
             */
            version: string;
            /** @description When it was set, UTC */
            updated_at: string | null;
            /** @description Who set it */
            updated_by: string;
            /** @description Namespaces with a mode of their own */
            namespaces: components["schemas"]["NamespaceMode"][];
            /** @description What stands in the cluster */
            hook: components["schemas"]["Hook"];
        };
        /**
         * @description How well the services ask for what they use: the mean of theirs, each by what its requests cost.
         *
         *     As it is kept: a day is scored within minutes of its collection.
         */
        EnvScore: {
            /** @description 0 to 100; null while none is known, or the day is not scored yet */
            score: number | null;
            /** @description The same as a letter */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known, a mean likewise */
            known_pct: number;
            /** @description The last 90 days up to the shown one that are scored, oldest first */
            days: components["schemas"]["ScoreDay"][];
            /** @description The ten changes that would raise it most: points x what the service's requests cost / changes */
            cheapest: components["schemas"]["PointsToGain"][];
        };
        /** @description How far an env is set up. */
        EnvSetup: {
            /** @description Name of the env */
            env: string;
            /**
             * @description Its admission mode
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
            /** @description The steps in their order */
            steps: components["schemas"]["SetupStep"][];
        };
        /** @description An event of a recording. */
        EventCountView: {
            /** @description Its type, such as `jdk.ObjectAllocationSample` */
            name: string;
            /** @description How often it is in it */
            count: number;
            /** @description So much of it it takes */
            bytes: number;
        };
        /** @description What happened to a service on a day. */
        EventDay: {
            /**
             * Format: date
             * @description In the time zone of the cluster
             */
            day: string;
            /**
             * @description `Normal` or `Warning`
             * @enum {string}
             */
            type: "Normal" | "Warning";
            /** @description Why, in one word */
            reason: string;
            /** @description How many events */
            events: number;
        };
        /** @description What happened to a service, by day. */
        EventDays: {
            /** @description The days in order; of each first what there was most of */
            items: components["schemas"]["EventDay"][];
        };
        /** @description One part of the events. */
        EventPage: {
            /** @description The events, the latest first */
            items: components["schemas"]["KeptEvent"][];
            /** @description How many there are in all parts; about, beyond 65,000 */
            total: number;
            /** @description How many of all namespaces were left out in that time, as more came than can be written */
            dropped: number;
            /** @description Whether they are kept */
            watch: components["schemas"]["EventWatch"];
        };
        /** @description Whether events are kept, and what is missing. */
        EventWatch: {
            /** @description Whether it is switched on */
            on: boolean;
            /** @description The value of the chart that switches it on */
            chart_value: string;
            /** @description Whether the instance that answers is the one that watches, and does */
            watching: boolean;
            /** @description How many events it has yet to write, at most 50 a second */
            waiting: number;
            /** @description How many came with a time far from the API server's, which they were given instead */
            clocks_wrong: number;
            /** @description What keeps it from watching or writing, such as `may not list events`; empty if nothing does */
            trouble: string;
        };
        /** @description Something that was seen. */
        EvidenceView: {
            /** @description Identity within the finding */
            id: string;
            /**
             * @description What was seen
             * @enum {string}
             */
            code: "container_ended" | "container_waits" | "container_unready" | "no_node" | "scheduler_says" | "rollout" | "pods_not_made" | "quota" | "node_condition" | "evicted" | "event" | "figure" | "refused" | "symptom" | "affected";
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description What exactly; texts under `said` are quoted from Kubernetes */
            parameters: {
                [key: string]: string | number;
            };
        };
        /** @description The expert's values of one service, whole: what is left out is null, but for `replicas_ai`. */
        ExpertService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Number of pods by hand; 0 means zero */
            replicas_manual?: number | null;
            /**
             * @description Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
             *     (`autoscaled`), or KubeDoor's whatever scales (`pinned`)
             * @enum {string}
             */
            replicas_policy?: "as_found" | "autoscaled" | "pinned";
            /** @description The service's own admission mode; null: as its namespace or env says */
            mode?: ("off" | "observe" | "enforce") | null;
            /** @description What people should know about it */
            note?: string;
            /** @description The expert's values, by container */
            containers?: components["schemas"]["ContainerEdit"][];
            /**
             * @description Count of an accepted advice: left out it stays, null takes it away, and another than stands is
             *     refused
             */
            replicas_ai?: number | null;
        };
        /**
         * FieldCode
         * @description What is wrong with one field of a request.
         * @enum {string}
         */
        FieldCode: "missing" | "extra_forbidden" | "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than" | "int_type" | "int_parsing" | "int_parsing_size" | "int_from_float" | "float_type" | "float_parsing" | "finite_number" | "string_type" | "string_unicode" | "string_too_long" | "string_too_short" | "string_pattern_mismatch" | "literal_error" | "enum" | "bool_type" | "bool_parsing" | "list_type" | "dict_type" | "model_type" | "model_attributes_type" | "too_short" | "too_long" | "json_invalid" | "date_type" | "date_parsing" | "date_from_datetime_parsing" | "date_from_datetime_inexact" | "datetime_type" | "datetime_parsing" | "datetime_from_date_parsing" | "datetime_object_invalid" | "timezone_aware" | "not_taken" | "twice" | "one_of" | "empty" | "control_characters" | "out_of_range" | "not_after" | "too_far_apart" | "no_version" | "no_time_zone" | "in_the_past" | "not_counted" | "not_over" | "count_not_for_restart" | "bounds_not_for_restart" | "only_scale_for_a_time" | "count_missing" | "bounds_out_of_order" | "grace_missing" | "request_above_limit" | "role_missing" | "not_registered" | "kind_not_governed" | "changed_since" | "csv" | "csv_column_missing" | "csv_column_twice" | "csv_column_unknown" | "csv_cells" | "csv_whole_number" | "csv_differs" | "csv_too_many" | "setting" | "manifest" | "manifest_no_deployment" | "manifest_several" | "grant" | "no_advice" | "advice_outdated" | "only_now" | "least_unknown" | "below_least" | "below_budget" | "below_spread" | "only_by_accepting" | "no_node_group" | "timezone_unknown" | "cron_fields" | "cron_part" | "cron_unreadable" | "cron_never" | "cron_or_once" | "once_unreadable" | "once_past" | "once_far" | "labels_unreadable";
        /** @description One wrong field. */
        FieldProblem: {
            /** @description Where it is, such as `containers.0.limit_cpu_m` */
            field: string;
            /** @description Why it was not taken, and what would be */
            reason: string;
            /** @description The kind of fault, such as `missing` or `greater_than_equal`; `not_taken`: only the reason tells */
            code: components["schemas"]["FieldCode"];
            /** @description What the kind of fault is about, such as `{"ge": 0}` */
            parameters: {
                [key: string]: unknown;
            };
        };
        /** @description What would become of a heap that goes through a FIFO: written while it is downloaded, in no file. */
        FifoView: {
            /**
             * @description Why it can't; empty: it can, by `through_fifo`. `not_isolated`: the pod is not, and `isolate_first` is
             *     false; `too_old`: the JVM is of a JDK before 17; `no_tools`: mkfifo or dd is not in the image;
             *     `no_folder`: no folder can be written to
             * @enum {string}
             */
            against: "" | "not_isolated" | "too_old" | "no_tools" | "no_folder";
            /** @description Where it would be: it takes no room; empty where it can't */
            folder: string;
            /**
             * @description So long the application would stand still, reckoned at 10 MB of its heap in a second; a download that
             *     is slower takes longer
             */
            still_s: number;
            /** @description Whether a sha256 is made in the pod too; else the count of bytes, header and end are checked alone */
            hashes: boolean;
        };
        /** @description Who told anything on the shown day. */
        FigureSources: {
            /** @description Sources of requests; empty: nobody */
            traffic: string[];
            /** @description Sources of JVM figures; empty: nobody */
            jvm: string[];
        };
        /** @description One part of the findings. */
        FindingList: {
            /** @description The findings */
            items: components["schemas"]["FindingView"][];
            /** @description How many there are in all parts */
            total: number;
            /** @description Whether it is looked for them */
            watch: components["schemas"]["FindingWatch"];
        };
        /** @description Something that is wrong, or was. */
        FindingView: {
            /** @description Identity */
            id: string;
            /**
             * @description What is wrong
             * @enum {string}
             */
            kind: "crash_loop" | "oom" | "image" | "config" | "unschedulable" | "probe_failing" | "rollout_stuck" | "throttled" | "memory_near_limit" | "heap_full" | "gc_storm" | "hpa_capped" | "quota" | "node_not_ready" | "node_pressure" | "evicted" | "pvc_full" | "errors_up" | "latency_up" | "hot_pod" | "admission_refused" | "pods_refused";
            /** @description Kind of what it is about: `Deployment`, `Node`, `ResourceQuota`, ... */
            object: string;
            /** @description Its namespace; empty for a node */
            namespace: string;
            /** @description Its name */
            name: string;
            /** @description Which container; empty: of the whole */
            container: string;
            /**
             * @description `error`: something does not run, or soon will not
             * @enum {string}
             */
            severity: "warning" | "error";
            /**
             * Format: date-time
             * @description When its cause began, as far as Kubernetes tells, UTC
             */
            began_at: string;
            /**
             * Format: date-time
             * @description When it was found, UTC
             */
            opened_at: string;
            /** @description When it was seen the last time, UTC; null while it is open */
            ended_at: string | null;
            /** @description Pods that have it */
            pods: string[];
            /** @description Other services that have symptoms of it, at most 50 */
            affected: components["schemas"]["AffectedView"][];
            /** @description What was seen */
            evidence: components["schemas"]["EvidenceView"][];
            /** @description What was changed within the hour before, the likeliest cause first */
            changes: components["schemas"]["ChangeView"][];
        };
        /** @description Whether and since when it is looked for what is wrong. */
        FindingWatch: {
            /** @description Whether it is switched on */
            on: boolean;
            /** @description The value of the chart that switches it on */
            chart_value: string;
            /** @description When the instance that answers has looked last, UTC; null: it has not, as another one may */
            looked_at: string | null;
            /** @description What keeps it from looking, such as `may not list nodes`; empty if nothing does */
            trouble: string;
            /** @description Why some of what only metrics tell is not looked for; empty if all is */
            unmeasured: string;
        };
        /** @description How often a flag was found. */
        FlagCount: {
            /**
             * @description The flag
             * @enum {string}
             */
            flag: "hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem";
            /** @description Containers that have it */
            rows: number;
            /** @description Services with such a container */
            services: number;
        };
        /** @description All envs that you may see. */
        Fleet: {
            /**
             * @description Why the clusters file can't be read as it is now, so that the clusters of before hold; empty if it can,
             *     and for those who administer less than everything
             */
            file_trouble: string;
            /** @description All of them together */
            sums: components["schemas"]["FleetSums"];
            /** @description The envs, this installation's own first */
            items: components["schemas"]["FleetEnv"][];
        };
        /** @description The cluster of an env, as this instance of the api reaches it. */
        FleetCluster: {
            /**
             * @description `unknown`: it is being asked for the first time; `none`: no cluster is configured for the env here
             * @enum {string}
             */
            state: "reachable" | "unreachable" | "unknown" | "none";
            /** @description Since when it is reachable or not, as far as this instance knows, UTC */
            since: string | null;
            /** @description Why it is unreachable, in words; empty otherwise */
            reason: string;
            /** @description When it answered last, UTC: nodes and certificate are of then; null while it never has */
            answered_at: string | null;
            /** @description Whether it is being asked now, and this is how it was before */
            asking: boolean;
            /** @description Its nodes; null while not known, and where you may not see the whole env */
            nodes: number | null;
            /** @description Why the nodes are not known, in words; empty otherwise */
            nodes_reason: string;
            /** @description The certificate that its webhook shows; null while it has not been looked at */
            certificate: components["schemas"]["WebhookCertificate"] | null;
        };
        /** @description An env: its cluster, its latest peak, and what is open in it. */
        FleetEnv: {
            /** @description Name of the env */
            name: string;
            /**
             * @description Admission mode of the whole env
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
            /** @description Whether the figures are of some namespaces only: those that you may see */
            partial: boolean;
            /** @description Its cluster */
            cluster: components["schemas"]["FleetCluster"];
            /** @description The peak day that the figures are of; null while nothing has been collected */
            date: string | null;
            /** @description When that day was collected, UTC */
            collected_at: string | null;
            /** @description Registered services */
            registered: number;
            /** @description What was used and asked for at the peak; null while nothing has been collected */
            totals: components["schemas"]["Totals"] | null;
            /** @description The same in money; null while no price is known */
            money: components["schemas"]["Money"] | null;
            /** @description How well the services ask for what they use, 0 to 100; null while not known */
            score: number | null;
            /** @description The same as a letter */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Alerts that fire */
            alerts: number;
            /** @description Open findings */
            findings: number;
            /** @description The collector that wrote last; null for none */
            collector: components["schemas"]["FleetWriter"] | null;
            /** @description The webhook that decided last within 30 days; null for none */
            webhook: components["schemas"]["FleetWriter"] | null;
        };
        /** @description What the envs of one currency cost a month. */
        FleetMoney: {
            /** @description Currency, three letters (ISO 4217) */
            currency: string;
            /** @description How many envs have prices in it */
            envs: number;
            /** @description What their requests cost a month */
            requested: number;
            /** @description What their use at the peak would cost a month */
            used: number;
            /** @description What is asked for and not used, a month */
            waste: number;
        };
        /** @description A registered service of some env. */
        FleetService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the env */
            env: string;
        };
        /** @description Services that were found, the closest first. */
        FleetServices: {
            /** @description The services */
            items: components["schemas"]["FleetService"][];
            /** @description Whether there are more than these */
            more: boolean;
        };
        /** @description All envs together: those of a figure that is not known for some are of the others. */
        FleetSums: {
            /** @description Envs that you may see */
            envs: number;
            /** @description Of them, those whose cluster does not answer */
            unreachable: number;
            /** @description Of them, those of which nothing has been collected: they are in no sum of use */
            uncollected: number;
            /** @description Of those that have been collected, those without a price: they are in no sum of money */
            unpriced: number;
            /** @description Nodes of the clusters of which they are known; null while they are of none */
            nodes: number | null;
            /** @description Registered services */
            registered: number;
            /** @description What was used and asked for, each env at its own latest peak */
            totals: components["schemas"]["Totals"];
            /** @description The same in money, a row for each currency */
            money: components["schemas"]["FleetMoney"][];
            /** @description Alerts that fire */
            alerts: number;
            /** @description Open findings */
            findings: number;
        };
        /** @description A service of KubeDoor's that writes rows of an env. */
        FleetWriter: {
            /**
             * Format: date-time
             * @description When it wrote last, UTC
             */
            at: string;
            /** @description Its version; empty for one that does not tell it, as earlier ones do not */
            version: string;
        };
        /** @description Peak hours found for a group of services, and what they would change. */
        Found: {
            /** @description The hours in which most is used; null where nothing is known of whole days */
            peak_hours: string | null;
            /** @description P95 of what all pods use together in the peak hours that are set, over a usual day */
            cores_now: number;
            /** @description The same in the hours found */
            cores_then: number;
            /** @description Services of which whole days are known */
            services: number;
            /** @description Those whose own busiest hours have 1.2 times the use of the peak hours that are set, or more */
            missed_now: number;
            /** @description The same of the hours found */
            missed_then: number;
            /** @description Whether the hours found are others, and miss fewer services or have 1.2 times the use or more */
            better: boolean;
        };
        /** @description What was found to own the count of a service. */
        FoundAutoscaler: {
            /** @description Name of the HorizontalPodAutoscaler, or of KEDA's ScaledObject; empty: not known */
            name: string;
            /**
             * @description How it was found: by its HorizontalPodAutoscaler (`hpa`), which KEDA may have made (`keda`), by
             *     `metrics`, or by its scaling (`scale`)
             * @enum {string}
             */
            source: "hpa" | "keda" | "metrics" | "scale";
            /** @description Its least count of pods; null: not known */
            min_replicas: number | null;
            /** @description Its largest count of pods; null: not known */
            max_replicas: number | null;
            /** @description Average cpu utilisation that it scales by, per cent of the requests; null: by none */
            cpu_target_pct: number | null;
            /** @description Likewise of memory */
            mem_target_pct: number | null;
            /**
             * Format: date-time
             * @description When it was found, UTC
             */
            since: string;
            /**
             * @description Since when it is gone, UTC; the count is KubeDoor's again a day later. Of source `scale`: when it
             *     was last seen to scale
             */
            gone_at: string | null;
        };
        /** @description Peak hours found for a namespace. */
        FoundInNamespace: {
            /** @description The hours in which most is used; null where nothing is known of whole days */
            peak_hours: string | null;
            /** @description P95 of what all pods use together in the peak hours that are set, over a usual day */
            cores_now: number;
            /** @description The same in the hours found */
            cores_then: number;
            /** @description Services of which whole days are known */
            services: number;
            /** @description Those whose own busiest hours have 1.2 times the use of the peak hours that are set, or more */
            missed_now: number;
            /** @description The same of the hours found */
            missed_then: number;
            /** @description Whether the hours found are others, and miss fewer services or have 1.2 times the use or more */
            better: boolean;
            /** @description Name of the namespace */
            namespace: string;
        };
        /** @description A taint to take away. */
        GoneTaint: {
            /** @description Key */
            key: string;
            /**
             * @description Effect
             * @enum {string}
             */
            effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
        };
        /** @description A role and where it holds. */
        GrantView: {
            /** @description The role */
            role: components["schemas"]["Role"];
            /** @description Regular expression of the envs */
            env: string;
            /** @description Regular expression of the namespaces */
            namespace: string;
            /** @description Rights over pods and nodes there, in the order in which they are documented */
            may: components["schemas"]["Right"][];
        };
        /** @description What was used hour by hour. */
        HeatMap: {
            /** @description The peak hours that are set */
            peak_hours: string;
            /** @description The local days, oldest first */
            dates: string[];
            /**
             * @description For each day its 24 hours: cores that all pods used, a mean; null where nothing is known. On a day on
             *     which clocks change, the hours after that are one off
             */
            cores: (number | null)[][];
        };
        /** @description A pod that takes a node of its own though others have room, or that stays where it is. */
        HeldBy: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description `no_owner`: nobody would remake it; otherwise what keeps it off the nodes that have room */
            why: ("anti_affinity" | "pod_affinity" | "spread" | "host_port") | "no_owner";
        };
        /** @description One part of the versions, the latest first. */
        History: {
            /** @description The versions */
            items: components["schemas"]["Revision"][];
            /** @description Goes into `cursor` for the next part; null at the end */
            next_cursor: string | null;
        };
        /** @description The MutatingWebhookConfiguration in the cluster. */
        Hook: {
            /**
             * @description `unmanaged`: no cluster or no webhook address is configured here; `unknown`: the cluster could
             *     not be asked
             * @enum {string}
             */
            state: "present" | "absent" | "unmanaged" | "unknown";
            /**
             * @description Why it is unmanaged, in one word: no cluster, or no address of the webhook, is configured
             * @enum {string}
             */
            reason?: "" | "no_cluster" | "no_webhook";
            /** @description In words, what that means and what to do */
            detail: string;
        };
        /** @description Services to import: a list, or CSV as `exportServices` gives it. */
        Import: {
            /** @description The services */
            services?: components["schemas"]["ExpertService"][] | null;
            /** @description The same as CSV, a line per container */
            csv?: string | null;
            /** @description Only say what would change */
            dry_run?: boolean;
        };
        /** @description What the JVMs of a container did on one day; null where unknown. */
        JvmDay: {
            /**
             * Format: date
             * @description Local day on which the window began
             */
            date: string;
            /** @description Name of the container */
            container: string;
            /** @description Who tells: `micrometer`, `client_java`, `simpleclient` or `otel` */
            source: string;
            /** @description Largest heap that a pod may have, MiB; of the pods, the smallest */
            heap_max_mib: number | null;
            /** @description P95 over the window of a pod's used heap, MiB; of the pods, the largest */
            heap_used_p95_mib: number | null;
            /** @description What was left of the heap after a collection, MiB; of the pods, the largest */
            heap_live_mib: number | null;
            /** @description P95 of what a JVM uses beside its heap, MiB; of the pods, the largest */
            nonheap_p95_mib: number | null;
            /** @description Share of the window in which a pod stood still for collections, per cent; the mean of the pods */
            gc_overhead_pct: number | null;
            /** @description Pauses a minute of a pod */
            gc_per_min: number | null;
            /** @description Full collections of all pods in the window */
            full_gc: number | null;
            /** @description The longest pause of any pod, milliseconds */
            gc_pause_max_ms: number | null;
            /** @description P95 of a pod's threads; of the pods, the largest */
            threads_p95: number | null;
            /** @description Minutes of the window that are known, 0..1 */
            coverage: number | null;
        };
        /** @description A JVM in a container. */
        JvmView: {
            /** @description Its process id in the container */
            pid: number;
            /** @description Its main class, module or archive; empty where that can't be told */
            main: string;
        };
        /** @description An event: how often it has happened until the end of what is asked for. */
        KeptEvent: {
            /** @description Identity, Kubernetes' own */
            uid: string;
            /**
             * Format: date-time
             * @description When it happened first, UTC
             */
            first_at: string;
            /**
             * Format: date-time
             * @description When it happened last, UTC
             */
            last_at: string;
            /** @description How often */
            count: number;
            /**
             * @description `Normal` or `Warning`
             * @enum {string}
             */
            type: "Normal" | "Warning";
            /** @description Why, in one word */
            reason: string;
            /** @description What its component says; beyond 2,048 characters it ends with `…` */
            message: string;
            /** @description Kind of what it is about */
            object_kind: string;
            /** @description Its name */
            object_name: string;
            /** @description Its namespace; empty for what is in none, such as a node */
            namespace: string;
            /** @description Kind of the service that it is about; empty where it is about none, or it is not known */
            kind: string;
            /** @description Name of that service */
            name: string;
            /** @description Who says so, such as `kubelet` */
            component: string;
            /** @description On which node; empty: on none, or it is not said */
            node: string;
        };
        /** @description Who owns a service, and the labels that the console has columns for. */
        LabeledService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The team that owns it, as a label of it or of its namespace says; empty: none does */
            owner: string;
            /** @description Its labels of the keys in `columns`, those that it bears */
            labels: {
                [key: string]: string;
            };
        };
        /** @description The last change of a service, in the control table, by an operation, or past KubeDoor. */
        LastChange: {
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description Who; for one past KubeDoor the field manager that Kubernetes noted, such as `kubectl-edit` */
            by: string;
            /**
             * @description `edit` of the control table; `operation`: scaled or restarted; `cluster`: Kubernetes notes a change of
             *     the Deployment's spec by somebody else
             * @enum {string}
             */
            what: "edit" | "operation" | "cluster";
            /** @description In words */
            detail: string;
            /** @description The operation; else empty */
            operation_id: string;
        };
        /** @description Which instance of the API runs an env's schedules and operations. */
        Leader: {
            /** @description Whether it is the one that answers */
            leading: boolean;
            /** @description The one that answers */
            instance: string;
            /** @description The one that holds the Lease, as far as this one knows; empty for nobody */
            holder: string;
            /** @description `namespace/name` of the Lease in the env's cluster; empty without a cluster */
            lease: string;
            /**
             * @description What keeps the one that answers from taking over, such as `may not get leases in namespace kubedoor
             *     of the cluster prod`; empty if nothing does
             */
            trouble: string;
        };
        /** @description One thing of somebody who has no role any more. */
        LeftBehind: {
            /**
             * @description A token does not work, a schedule is skipped, an operation that is to come or gives back a temporary
             *     scale's count goes on: cancel it where it should not
             * @enum {string}
             */
            kind: "token" | "schedule" | "operation";
            /** @description Identity of the thing */
            id: string;
            /** @description Where it is; empty for a token */
            env: string;
            /** @description Its name; of an operation its kind */
            name: string;
            /** @description Who made it, or changed it last */
            owner: string;
            /**
             * Format: date-time
             * @description When that was, UTC
             */
            at: string;
        };
        /** @description Everything that is left behind. */
        LeftBehindList: {
            /** @description By owner and kind */
            items: components["schemas"]["LeftBehind"][];
        };
        /** @description Something that has no figures, or not the usual ones, and why. */
        LeftOut: {
            /**
             * @description Why: `no_owner`, a pod without a controller; `owner_unknown`, one of which kube-state-metrics tells no
             *     owner; `several_owners`; `name_unknown`, a pod whose name is no Deployment's where no owners are told;
             *     `not_running`, a service none of whose pods ran; `not_in_spec`, a container that its pod's spec does not
             *     have; `odd_interval`, scraped at an interval that doesn't fit minutes;
             *     `traffic_failed`, `jvm_failed` and `nodes_failed`, the requests or JVMs of all services or the nodes,
             *     since the store did not answer; `node_unknown`, series of a node's use of which nothing tells the node;
             *     `counter_unplaced`, series of counters that name no pod; `counter_unknown_pod`, those of pods of which the
             *     store tells nothing else; `ingress_unmatched`, a Service behind which no single service is known;
             *     `jvm_container`, JVMs that name none of several containers; `other`, one that a newer collector tells
             *     of
             * @enum {string}
             */
            reason: "no_owner" | "owner_unknown" | "several_owners" | "name_unknown" | "traffic_failed" | "jvm_failed" | "counter_unplaced" | "counter_unknown_pod" | "ingress_unmatched" | "jvm_container" | "nodes_failed" | "node_unknown" | "not_running" | "not_in_spec" | "odd_interval" | "other";
            /** @description Kubernetes namespace; empty where it is about all of the env */
            namespace: string;
            /**
             * @description The service, else the pod, else service and container, the interval, the metric or its source; empty
             *     for the others of this reason, where they are too many to name
             */
            name: string;
            /** @description How many pods or containers */
            count: number;
        };
        /** @description A node that is in no group. */
        LeftOutNode: {
            /** @description Name of the node */
            node: string;
            /**
             * @description `not_ready`, `cordoned`, `control_plane`, or `not_asked`: its group was not named
             * @enum {string}
             */
            why: "not_ready" | "cordoned" | "control_plane" | "not_asked";
        };
        /** @description A question in the list, without its texts. */
        ListedAiCall: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Identity */
            id: string;
            /**
             * Format: date-time
             * @description When it was asked, UTC
             */
            at: string;
            /** @description What was asked */
            task: string;
            /** @description Name of the model */
            model: string;
            /** @description Language of the answer */
            language: string;
            /** @description What was shared */
            share: string;
            /** @description Who asked */
            actor: string;
            /**
             * @description What became of it
             * @enum {string}
             */
            state: "asked" | "answered" | "failed" | "refused";
            /** @description Why there is no answer, in one word; empty where there is one */
            failure: string;
            /** @description What the server said of it, or what was wrong with the answer */
            detail: string;
            /** @description How the model was held to JSON */
            output_mode: string;
            /** @description Answers that it gave */
            attempts: number;
            /** @description What it took; while it is asked: the most that it may take */
            tokens: number;
        };
        /** @description An autoscaler that owns the number of pods. */
        LiveAutoscaler: {
            /** @description Name of the HorizontalPodAutoscaler */
            name: string;
            /** @description Fewest pods */
            min_replicas: number;
            /** @description Most pods */
            max_replicas: number;
            /** @description Pods that it sees */
            current_replicas: number | null;
            /** @description Pods that it wants */
            desired_replicas: number | null;
        };
        /** @description A condition of the Deployment. */
        LiveCondition: {
            /** @description `Available`, `Progressing` or `ReplicaFailure` */
            type: string;
            /** @description `True`, `False` or `Unknown` */
            status: string;
            /** @description In one word */
            reason: string;
            /** @description In words */
            message: string;
            /** @description Since when, UTC */
            since: string | null;
        };
        /** @description One container of a pod. */
        LiveContainer: {
            /** @description Name */
            name: string;
            /**
             * @description What it does now
             * @enum {string}
             */
            state: "waiting" | "running" | "terminated" | "unknown";
            /** @description Why it waits or ended, such as `CrashLoopBackOff` or `OOMKilled`; else empty */
            reason: string;
            /** @description What Kubernetes says of it; else empty */
            message: string;
            /** @description Whether it is ready */
            ready: boolean;
            /** @description How often it was restarted */
            restarts: number;
            /** @description Why it ended the last time, such as `OOMKilled`; empty if it never did */
            last_exit_reason: string;
            /** @description The exit code of that time */
            last_exit_code: number | null;
            /** @description When that was, UTC */
            last_exit_at: string | null;
            /** @description cpu request in millicores; null without one */
            request_cpu_m: number | null;
            /** @description cpu limit in millicores; null without one */
            limit_cpu_m: number | null;
            /** @description Memory request in MiB; null without one */
            request_mem_mib: number | null;
            /** @description Memory limit in MiB; null without one */
            limit_mem_mib: number | null;
        };
        /** @description Something that Kubernetes tells. */
        LiveEvent: {
            /** @description `Normal` or `Warning` */
            type: string;
            /** @description In one word, such as `FailedScheduling` */
            reason: string;
            /** @description In words */
            message: string;
            /** @description Of what: `Pod/cart-5c4-x7k2p` */
            object: string;
            /** @description How often */
            count: number;
            /** @description When first, UTC */
            first_at: string | null;
            /** @description When last, UTC */
            last_at: string | null;
        };
        /** @description One pod. */
        LivePod: {
            /** @description Name */
            name: string;
            /** @description `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown` */
            phase: string;
            /** @description In one word, as kubectl shows it: `Running`, `CrashLoopBackOff`, `Terminating`, ... */
            status: string;
            /** @description Why it is not well, in words; else empty */
            reason: string;
            /** @description Whether it is ready */
            ready: boolean;
            /** @description Of all of its containers */
            restarts: number;
            /**
             * Format: date-time
             * @description When it was made, UTC
             */
            created_at: string;
            /** @description Seconds since then */
            age_s: number;
            /** @description The node on which it runs; empty while it is not scheduled */
            node: string;
            /** @description The ReplicaSet that it belongs to */
            revision: string;
            /** @description Whether it is of the newest pod template; null where the ReplicaSets can't be read */
            current: boolean | null;
            /** @description Its containers, those that are restartable init containers first */
            containers: components["schemas"]["LiveContainer"][];
        };
        /** @description How far the newest pod template is rolled out. */
        LiveRollout: {
            /**
             * @description `stalled`: no progress within the Deployment's deadline
             * @enum {string}
             */
            state: "complete" | "progressing" | "stalled" | "paused";
            /** @description In words */
            detail: string;
            /** @description Pods that the Deployment asks for */
            wanted: number;
            /** @description Pods there are */
            current: number;
            /** @description Of the newest template */
            updated: number;
            /** @description Ready ones */
            ready: number;
            /** @description Available ones */
            available: number;
            /** @description Missing or not available */
            unavailable: number;
            /** @description Revision of the Deployment */
            revision: string;
            /** @description The Deployment's conditions */
            conditions: components["schemas"]["LiveCondition"][];
        };
        /** @description A service as it is in the cluster now. */
        LiveService: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * Format: date-time
             * @description When the Deployment was made, UTC
             */
            created_at: string;
            /** @description How far the newest pod template is rolled out */
            rollout: components["schemas"]["LiveRollout"];
            /** @description Its pods: those that are not well first, then the newest */
            pods: components["schemas"]["LivePod"][];
            /** @description Of the Deployment, its ReplicaSets and pods, the latest first; Kubernetes keeps them for an hour */
            events: components["schemas"]["LiveEvent"][];
            /** @description What scales it by itself; null if nothing does */
            autoscaler: components["schemas"]["LiveAutoscaler"] | null;
            /** @description VerticalPodAutoscalers that have it as their target */
            vertical: components["schemas"]["LiveVerticalAutoscaler"][];
            /** @description The last change of each sort, the latest first */
            last_changes: components["schemas"]["LastChange"][];
            /** @description Parts that could not be read, and why */
            untold: components["schemas"]["Untold"][];
            /**
             * Format: date-time
             * @description When the cluster was asked, UTC
             */
            asked_at: string;
        };
        /** @description A VerticalPodAutoscaler of the service: where it changes requests, it and KubeDoor are two masters. */
        LiveVerticalAutoscaler: {
            /** @description Name of the VerticalPodAutoscaler */
            name: string;
            /** @description Its update mode, such as `Auto`, `Recreate`, `Initial`, or `Off`, in which it only recommends */
            mode: string;
            /** @description Whether it changes requests: set it to `Off`, or the service's mode to `off` */
            changes: boolean;
        };
        /** @description Why a log ends here. */
        LogEnd: {
            /**
             * @description `complete`: all that was asked for is there; `size`: 10 MiB have come; `time`: 15 minutes have passed;
             *     `broken`: the connection to the cluster broke off
             * @enum {string}
             */
            reason: "complete" | "size" | "time" | "broken";
            /** @description So many bytes of lines have come */
            bytes: number;
            /** @description What broke; empty otherwise */
            detail: string;
        };
        /** @description A line of a log, or a piece of a long one. */
        LogLine: {
            /** @description When it was written, RFC 3339, as the node's clock says; empty where that is not told */
            at: string;
            /** @description What was written. May hold terminal escape sequences */
            text: string;
            /** @description It goes on with the line before it, which is too long to come in one piece */
            continued: boolean;
        };
        /** @description What an event of a log holds. */
        LogPart: {
            /** @description The lines that came together, in the order in which they were written */
            lines: components["schemas"]["LogLine"][];
            /** @description Of the last event */
            end: components["schemas"]["LogEnd"] | null;
        };
        /** @description A new token with its secret, which is shown this once. */
        MadeToken: {
            /** @description Identity of the token */
            id: string;
            /** @description What it is for */
            name: string;
            /** @description What it may do, and where */
            grant: components["schemas"]["GrantView"];
            /**
             * Format: date-time
             * @description When it was made, UTC
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /**
             * Format: date-time
             * @description When it expires, UTC
             */
            expires_at: string;
            /** @description It doesn't work any more, since who made it has no role left */
            stopped: boolean;
            /** @description Goes into `Authorization: Bearer ...` */
            token: string;
        };
        /** @description What a selector finds now. */
        Matches: {
            /** @description The first thousand, by namespace and name */
            items: components["schemas"]["ServiceName"][];
            /** @description How many there are */
            total: number;
        };
        /** @description The signed-in user. */
        Me: {
            /** @description Name of the user or of the API token */
            name: string;
            /** @description The highest role held anywhere */
            role: components["schemas"]["Role"];
            /** @description Every role and where it holds */
            grants: components["schemas"]["GrantView"][];
            /** @description Where Grafana is for this user: `/grafana/`, which may be embedded, or another address, or nowhere */
            grafana_url: string | null;
        };
        /** @description The mode to switch to. */
        ModeChange: {
            /**
             * @description `off`, `observe` or `enforce`
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
        };
        /** @description What the peak's requests cost a month, by the prices of the settings. */
        Money: {
            /** @description Currency, three letters (ISO 4217) */
            currency: string;
            /** @description Price of one core a month */
            core_month: number;
            /** @description Price of one GiB of memory a month */
            gib_month: number;
            /** @description What the requests cost a month */
            requested: number;
            /** @description What the use at the peak would cost a month */
            used: number;
            /** @description What is asked for and not used, a month: `waste_cpu` and `waste_mem` */
            waste: number;
            /** @description The cpu of it */
            waste_cpu: number;
            /** @description The memory of it */
            waste_mem: number;
        };
        /** @description Carry out moves, with the name of the env typed. */
        MovesRequest: {
            /** @description Why, for others */
            reason: string;
            /** @description Seconds between the end of a move and the next one */
            pause_s?: number;
            /** @description Seconds within which another pod must be ready after each eviction; otherwise it ends there */
            timeout_s?: number;
            /** @description The env's name, typed */
            confirm: string;
            /** @description The moves, in this order */
            moves: components["schemas"]["AskedMove"][];
        };
        /** @description A namespace's own mode. */
        NamespaceMode: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Its mode; `off` on the env wins over it
             * @enum {string}
             */
            mode: "off" | "observe" | "enforce";
            /**
             * @description Version of the setting; goes into If-Match
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description When it was set, UTC
             */
            updated_at: string;
            /** @description Who set it */
            updated_by: string;
        };
        /** @description The score of a namespace: the mean of its services', each by what its requests cost. */
        NamespaceScore: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Services that were seen */
            services: number;
            /** @description 0 to 100; null while none of them is known */
            score: number | null;
            /** @description The same as a letter */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known, a mean likewise */
            known_pct: number;
        };
        /** @description The peak of one namespace. */
        NamespaceTotals: {
            /** @description Services that were seen */
            services: number;
            /** @description Their pods */
            pods: number;
            /** @description CPU, millicores */
            cpu_m: components["schemas"]["Amount"];
            /** @description Memory, MiB */
            mem_mib: components["schemas"]["Amount"];
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Its share of the env's used cpu, 0..1; null where nothing was used */
            cpu_share: number | null;
            /** @description Its share of the env's used memory, 0..1 */
            mem_share: number | null;
            /** @description Its share of the env's pods, 0..1 */
            pod_share: number | null;
        };
        /** @description The namespaces of an env at their peak, the largest cpu use first. */
        NamespaceTotalsList: {
            /** @description The day; null while nothing has been collected */
            date: string | null;
            /** @description The namespaces */
            items: components["schemas"]["NamespaceTotals"][];
        };
        /** @description A question about a service. */
        NewAiCall: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /**
             * @description Language of the answer
             * @enum {string}
             */
            language?: "en" | "zh-CN";
            /** @description With `narrate_finding`: identity of a finding about the service */
            finding?: string;
        };
        /**
         * @description Days to collect: the last `days` local days, or the `dates` themselves.
         *
         *     A day of which the store has clearly fewer samples than when it was collected keeps what it had, and
         *     fails; among `dates`, which somebody chose, it is replaced all the same.
         */
        NewCollection: {
            /** @description The last so many local days; today's if its window is over */
            days?: number | null;
            /** @description Local days on which the windows began */
            dates?: string[] | null;
        };
        /** @description What to do, with which services, and how carefully. */
        NewOperation: {
            /** @description Seconds between one service and the next */
            pause_s?: number;
            /** @description Leave out the rest after the first service that fails */
            stop_on_error?: boolean;
            /** @description Wait until a service's rollout is through before the next one is begun */
            wait_rollout?: boolean;
            /** @description Restore the previous values where a rollout fails */
            rollback_on_failure?: boolean;
            /**
             * @description `scale`; `restart`: replace the pods, by a rollout; `resize`: give the running pods the requests and
             *     limits of the control table without a rollout, where the cluster can (Kubernetes 1.33)
             * @enum {string}
             */
            kind: "scale" | "restart" | "resize";
            /** @description The services, in this order; one that is there twice is acted on once, and fails the second time */
            targets: components["schemas"]["AskedTarget"][];
            /** @description Seconds after which a rollout has failed; null: as the settings say */
            rollout_timeout_s?: number | null;
            /** @description Scale for a time: give back the previous counts then; with its zone, in the future */
            until?: string | null;
            /** @description The same, so many seconds after the operation is asked for */
            for_s?: number | null;
        };
        /** @description An action on one pod that is to be done. */
        NewPodAction: {
            /**
             * @description What to do
             * @enum {string}
             */
            kind: "delete" | "isolate" | "threads" | "histogram" | "heap_info" | "native_memory" | "flags" | "heap_dump" | "jfr" | "terminal";
            /** @description Namespace of the pod */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description Of what a JVM is asked, and of `terminal`: the container; empty: the pod's main one */
            container?: string;
            /** @description The pod's uid, as the preview said: another pod of the same name is refused */
            uid: string;
            /** @description How */
            parameters?: components["schemas"]["ActionParameters"];
            /** @description The pod's name, where the preview wants it typed */
            confirm?: string;
        };
        /**
         * @description What to do, with which services, and when.
         *
         *     Either `targets` or `selector`; either `once_at` or `cron`.
         */
        NewSchedule: {
            /** @description Seconds between one service and the next */
            pause_s?: number;
            /** @description Leave out the rest after the first service that fails */
            stop_on_error?: boolean;
            /** @description Wait until a service's rollout is through before the next one is begun */
            wait_rollout?: boolean;
            /** @description Restore the previous values where a rollout fails */
            rollback_on_failure?: boolean;
            /** @description What people call it; two schedules may have the same name */
            name: string;
            /**
             * @description `scale` or `restart`
             * @enum {string}
             */
            kind: "scale" | "restart";
            /** @description The services, in this order */
            targets?: components["schemas"]["OperationTarget"][] | null;
            /** @description Which services, looked up at each run */
            selector?: components["schemas"]["Selector"] | null;
            /** @description Run once, at this time: with an offset (`...Z`, `...+08:00`), or without one in `timezone` */
            once_at?: string | null;
            /** @description Run again and again: minute, hour, day of month, month, day of week */
            cron?: string | null;
            /**
             * @description Time zone of `cron` and `once_at`. A local time that the clock skips runs as soon as the clock has
             *     jumped, one that it passes twice runs the first time; with `*` for the hour, each hour counts
             * @example Asia/Shanghai
             */
            timezone: string;
            /** @description Whether it runs */
            enabled?: boolean;
            /**
             * @description What becomes of a run for which nobody was there in time, a minute at most: `skip` it, or `run_late`
             * @enum {string}
             */
            misfire?: "skip" | "run_late";
            /** @description With `run_late`: seconds after which it is skipped all the same */
            grace_s?: number;
            /** @description Seconds after which a rollout has failed; null: as the settings say */
            rollout_timeout_s?: number | null;
            /** @description Scale for a time: give back the previous counts so many seconds after the run */
            for_s?: number | null;
            /**
             * @description The same as one of a pair, such as down at night and up in the morning: give back the previous counts
             *     when this comes next after the run, in `timezone`; such as `0 7 * * 1-5`
             */
            until_cron?: string | null;
        };
        /** @description A service to register: the expert's values that it starts with. */
        NewService: {
            /** @description Number of pods by hand; 0 means zero */
            replicas_manual?: number | null;
            /**
             * @description Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
             *     (`autoscaled`), or KubeDoor's whatever scales (`pinned`)
             * @enum {string}
             */
            replicas_policy?: "as_found" | "autoscaled" | "pinned";
            /** @description The service's own admission mode; null: as its namespace or env says */
            mode?: ("off" | "observe" | "enforce") | null;
            /** @description What people should know about it */
            note?: string;
            /** @description Containers to change; the ones not named stay */
            containers?: components["schemas"]["ContainerEdit"][];
            /** @description Null takes the count of an accepted advice away; only accepting one sets it */
            replicas_ai?: null;
        };
        /** @description A token to make. */
        NewToken: {
            /** @description What it is for; shows in the audit */
            name: string;
            /** @description What it may do */
            role: components["schemas"]["Role"];
            /** @description Regular expression of the envs */
            env?: string;
            /** @description Regular expression of the namespaces */
            namespace?: string;
            /** @description Rights over pods and nodes; null for those of the role */
            may?: components["schemas"]["Right"][] | null;
            /** @description Days until it expires, `API_TOKEN_MAX_DAYS` at most; null for `API_TOKEN_DAYS` */
            days?: number | null;
        };
        /** @description Actions on nodes. */
        NodeActionList: {
            /** @description The latest first */
            items: components["schemas"]["NodeActionView"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description A drain, or a plan of moves that is carried out, and how it stands. */
        NodeActionView: {
            /** @description Identity of the action */
            id: string;
            /**
             * @description What is done
             * @enum {string}
             */
            kind: "drain" | "moves";
            /** @description Of a drain: the node; empty for moves */
            node: string;
            /** @description Why, in the words of who asked for it */
            why: string;
            /** @description Of a drain: seconds after which it has failed; of moves: that each may take */
            timeout_s: number;
            /**
             * @description How it stands
             * @enum {string}
             */
            state: "pending" | "running" | "done" | "failed" | "cancelled";
            /**
             * @description Why it failed; empty where it did not
             * @enum {string}
             */
            reason: "" | "not_agreed" | "too_many_cordoned" | "node_gone" | "uncordoned" | "timeout" | "still_there" | "no_replacement" | "came_back" | "forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable";
            /** @description The same in words */
            detail: string;
            /** @description What was done, in order */
            steps: components["schemas"]["NodeStepView"][];
            /** @description The pods that are to go */
            pods: components["schemas"]["ActedPodView"][];
            /**
             * Format: date-time
             * @description When it was asked for, UTC
             */
            requested_at: string;
            /** @description By whom */
            requested_by: string;
            /** @description Who asked for its end; empty for nobody */
            cancelled_by: string;
            /** @description When it was begun, UTC */
            started_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
        };
        /** @description One resource over all nodes at the last peak. */
        NodeBalance: {
            /** @description How unevenly they are used; null while unknown */
            used: components["schemas"]["NodeImbalance"] | null;
            /**
             * @description How unevenly they are asked for. Where this is even and use is not, the requests are wrong, and not
             *     the scheduler; null while unknown
             */
            requested: components["schemas"]["NodeImbalance"] | null;
            /** @description Used at the peak of what they may give together, per cent; null while unknown */
            used_pct: number | null;
            /** @description Requested of it */
            requested_pct: number | null;
            /** @description Not requested, on nodes where nothing of the other resource is left: millicores or MiB */
            stranded: number;
        };
        /** @description Who keeps pods off a node, as its annotations tell. */
        NodeCordon: {
            /** @description Who; empty where it was done by other means than KubeDoor's */
            by: string;
            /** @description Since when; null while unknown */
            at: string | null;
            /** @description Until when it is meant; null: open */
            until: string | null;
            /** @description Why, in their words */
            reason: string;
            /** @description The drain that cordoned it; empty: none did */
            action: string;
        };
        /** @description A node in the peak window of one day; null is unknown. */
        NodeDay: {
            /**
             * Format: date
             * @description Local day
             */
            date: string;
            /** @description Who told its use: `cadvisor`, `kubelet` or `node_exporter`; empty: nobody */
            source: string;
            /** @description Allocatable, millicores */
            cpu_alloc_m: number | null;
            /** @description Allocatable, MiB */
            mem_alloc_mib: number | null;
            /** @description Pods that it may have */
            pods_alloc: number | null;
            /** @description P95 of the cpu in use, millicores */
            p95_cpu_m: number | null;
            /** @description P95 of the memory in use, MiB */
            p95_mem_mib: number | null;
            /** @description Most memory that was in use, MiB */
            max_mem_mib: number | null;
            /** @description Requested by its running pods, millicores */
            requested_cpu_m: number | null;
            /** @description Requested by its running pods, MiB */
            requested_mem_mib: number | null;
            /** @description Pods that ran on it */
            pods: number | null;
            /** @description Share of the window in which it was ready, per cent */
            ready_pct: number | null;
            /** @description Share of the window in which something waited for a cpu, per cent */
            psi_cpu_pct: number | null;
            /** @description Share of the window's minutes of which its use is known */
            coverage: number;
        };
        /** @description A node, its last days, and the pods on it. */
        NodeDetail: {
            /** @description As it is */
            node: components["schemas"]["NodeSummary"];
            /** @description Its peaks, oldest first */
            days: components["schemas"]["NodeDay"][];
            /** @description Those on it that have not ended; null where the cluster does not tell */
            pods: components["schemas"]["NodePod"][] | null;
            /** @description Why it does not; empty where it does */
            cluster_reason: ("" | "no_cluster" | "no_store") | ("forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable");
            /** @description The same in words */
            cluster_detail: string;
        };
        /** @description How unevenly nodes are loaded, in points of what each has. */
        NodeImbalance: {
            /** @description Mean over the nodes, per cent */
            mean_pct: number;
            /** @description Standard deviation over the nodes, points */
            deviation: number;
            /** @description How far the hottest node is above their mean, points */
            hottest_over_mean: number;
            /** @description The hottest node */
            hottest: string;
        };
        /** @description An env's nodes. */
        NodeList: {
            /** @description The day whose peak the figures are of; null where no collection knew nodes */
            as_of: string | null;
            /** @description Why the cluster did not tell taints, cordons, zones and ages; empty where it did */
            cluster_reason: ("" | "no_cluster" | "no_store") | ("forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable");
            /** @description The same in words */
            cluster_detail: string;
            /** @description When what is used now was evaluated; null while unknown */
            now_at: string | null;
            /** @description Why it is not known what is used now; empty where it is */
            now_reason: string;
            /** @description The same as the code of a problem, where it is one, such as `no_prometheus` */
            now_code: components["schemas"]["ProblemCode"] | null;
            /** @description Whether nodes can be cordoned, tainted and drained from here: `nodes.control` of the chart */
            may_control: boolean;
            /** @description Cpu over all nodes */
            cpu: components["schemas"]["NodeBalance"];
            /** @description Memory over all nodes */
            mem: components["schemas"]["NodeBalance"];
            /** @description The nodes, by name */
            items: components["schemas"]["NodeSummary"][];
        };
        /** @description A pod that would go to another node, which has room for it and is used less. */
        NodeMove: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description The pod's uid, as the plan said: another pod of the same name is left alone */
            uid: string;
            /** @description The hot node that it is on */
            source: string;
            /** @description The node that the plan has for it */
            target: string;
            /** @description What made it */
            service: string;
            /** @description What a pod of its service used at the last peak, millicores: so much the node is freed of */
            cpu_m: number;
            /** @description Likewise memory, MiB */
            mem_mib: number;
            /** @description Standard deviation of the nodes' use afterwards, points, the mean of cpu and memory */
            deviation: number;
        };
        /** @description Moves by which use would lie more evenly. */
        NodePlan: {
            /** @description The day whose peak it is by; null where no collection knew nodes */
            as_of: string | null;
            /** @description Nodes used by 10 points more than the mean, of cpu or memory */
            hot: string[];
            /** @description Standard deviation of the nodes' use, points, the mean of cpu and memory */
            before: number;
            /** @description The same once all moves are done */
            after: number;
            /** @description The moves, in this order: every state between them fits; at most 20 */
            moves: components["schemas"]["NodeMove"][];
            /** @description Why other pods on hot nodes may not move */
            staying: components["schemas"]["Staying"][];
        };
        /** @description A pod on a node. */
        NodePod: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            name: string;
            /** @description What made it, such as `ReplicaSet cart-7d9f8c6b5d`; empty for none */
            owner: string;
            /** @description Phase */
            phase: string;
            /** @description Requested, millicores */
            cpu_m: number;
            /** @description Requested, MiB */
            mem_mib: number;
        };
        /** @description A resource of one node, millicores or MiB; null while unknown. */
        NodeResource: {
            /** @description P95 of what all that ran on it used in the last peak window */
            p95: number | null;
            /** @description Used now */
            used: number | null;
            /** @description Requested by its pods: now where that is known, else at the last peak */
            requested: number | null;
            /** @description What its pods may have */
            allocatable: number | null;
        };
        /** @description How a node is after a change. */
        NodeState: {
            /** @description Name of the node */
            node: string;
            /** @description Whether it takes no more pods */
            cordoned: boolean;
            /** @description By whom; null where it is not cordoned */
            cordon: components["schemas"]["NodeCordon"] | null;
            /** @description What keeps pods off */
            taints: components["schemas"]["NodeTaint"][];
        };
        /** @description A step that was done. */
        NodeStepView: {
            /**
             * @description `found_cordoned`: it was cordoned before, and stays so; `listed`: it is known which pods are to go
             * @enum {string}
             */
            name: "cordoned" | "found_cordoned" | "listed" | "uncordoned";
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
        };
        /** @description A node: what it gives, is asked for and uses. */
        NodeSummary: {
            /** @description Name of the node */
            node: string;
            /** @description Nodes of the same kind: instance type or size, zone, taints; empty while unknown */
            group: string;
            /** @description Its zone; empty where it has none, or while unknown */
            zone: string;
            /** @description Whether it is; null while unknown */
            ready: boolean | null;
            /** @description Whether it takes no more pods; null while unknown */
            cordoned: boolean | null;
            /** @description By whom; null where it is not cordoned, or where the cluster was not asked */
            cordon: components["schemas"]["NodeCordon"] | null;
            /** @description What keeps pods off */
            taints: components["schemas"]["NodeTaint"][];
            /** @description Conditions that it has besides being ready, such as `MemoryPressure` */
            pressure: string[];
            /** @description Since when it is there; null while unknown */
            created_at: string | null;
            /** @description Whether it runs the cluster itself */
            control_plane: boolean;
            /** @description Pods on it; null while unknown */
            pods: number | null;
            /** @description Pods that it can take; null while unknown */
            pods_most: number | null;
            /** @description Millicores */
            cpu: components["schemas"]["NodeResource"];
            /** @description MiB */
            mem: components["schemas"]["NodeResource"];
            /** @description What that much cpu and memory costs a month; null where no price is set */
            money_month: number | null;
        };
        /** @description What keeps pods off that do not tolerate it. */
        NodeTaint: {
            /** @description Key */
            key: string;
            /** @description Value; empty for none */
            value: string;
            /** @description `NoSchedule`, `PreferNoSchedule` or `NoExecute` */
            effect: string;
            /** @description Whether it is the cluster's own: it comes and goes with the node's conditions */
            of_cluster: boolean;
        };
        /** @description A pod that found no node. */
        NotPlaced: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description What stands against it at the most nodes */
            why: ("taint" | "affinity" | "volume_zone" | "anti_affinity" | "pod_affinity" | "spread" | "host_port" | "cpu" | "memory" | "pods" | "other_resource") | null;
        };
        /**
         * NoteCode
         * @description Why something is refused, left alone, or set to another value than the control table's.
         * @enum {string}
         */
        NoteCode: "not_registered" | "name_generated" | "replicas_unknown" | "scaled_by_autoscaler" | "scale_to_zero_allowed" | "container_duplicated" | "quantity_invalid" | "request_above_limit" | "request_defaults_to_limit" | "limit_of_zero" | "limit_range" | "pod_resources_exceeded" | "pod_limit_range" | "values_not_set" | "copy_stale" | "copy_stale_refused";
        /** @description What became of one event. */
        Notification: {
            /** @description Identity of the event */
            event_id: string;
            /**
             * Format: date-time
             * @description When that was, UTC
             */
            at: string;
            /** @description Which env it is about */
            env: string;
            /** @description What happened, such as `service.new` */
            kind: string;
            /** @description `info`, `warning` or `error` */
            severity: string;
            /** @description In words */
            message: string;
            /** @description `taken` while it is being sent, `sent`, or `failed` */
            state: string;
            /** @description How often it was tried */
            attempts: number;
            /** @description Why it failed */
            detail: string;
        };
        /** @description Where messages go, and the latest of them. */
        Notifications: {
            /** @description Names of the configured addresses, to choose from in the setting `notify_to` */
            names: string[];
            /** @description Services behind the configured addresses; the addresses themselves are secret */
            services: string[];
            /** @description Regular expression of the kinds that are told; empty: warnings and errors */
            kinds: string;
            /** @description The latest messages */
            items: components["schemas"]["Notification"][];
        };
        /** @description An env as it is now. */
        Now: {
            /** @description The namespaces that this is about; null for all */
            scope: string[] | null;
            /** @description When it was evaluated, UTC; null where the store has not answered since the API runs */
            at: string | null;
            /**
             * Format: date-time
             * @description When the store was asked last, UTC: later than `at` where it did not answer since
             */
            asked_at: string;
            /** @description Seconds between two evaluations while somebody looks */
            every_s: number;
            /** @description Whether the store does not answer, so that this is how it was */
            stale: boolean;
            /** @description Why it does not; empty otherwise */
            reason: string;
            /** @description Seconds between two scrapes, as its samples show; null where they do not */
            interval_s: number | null;
            /** @description How each query went */
            queries: components["schemas"]["NowQuery"][];
            /** @description What the env comes to */
            tiles: components["schemas"]["NowTiles"];
        };
        /** @description Between which counts an autoscaler is. */
        NowAutoscaler: {
            /** @description Pods that it has */
            current: number;
            /** @description The most that it may have */
            most: number;
        };
        /** @description A service's use over the last three hours, all its pods together. */
        NowCurves: {
            /** @description Seconds between two times */
            step_s: number;
            /** @description The times, UTC */
            times: string[];
            /** @description Millicores at each; null where there is none */
            cpu_m: (number | null)[];
            /** @description MiB at each, working set */
            mem_mib: (number | null)[];
        };
        /** @description A namespace as it is now, with pods that are of no service, too. */
        NowNamespace: {
            /** @description Its pods */
            pods: components["schemas"]["NowPods"];
            /** @description Millicores */
            cpu: components["schemas"]["NowUse"];
            /** @description MiB, working set */
            mem: components["schemas"]["NowUse"];
            /** @description Restarts of containers within the last hour; null while unknown */
            restarts_1h: number | null;
            /** @description Requests per second; null where nobody counts them, or while unknown */
            qps: number | null;
            /** @description Share of them that failed, per cent */
            error_pct: number | null;
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Services in it */
            services: number;
            /** @description Services with which something is wrong */
            troubled: number;
        };
        /** @description An env's namespaces as they are now. */
        NowNamespaces: {
            /** @description When they were evaluated, UTC; null where the store has not answered since the API runs */
            at: string | null;
            /** @description By name */
            items: components["schemas"]["NowNamespace"][];
        };
        /** @description A node as it is now. */
        NowNode: {
            /** @description Name of the node */
            node: string;
            /** @description Whether it is; null while unknown */
            ready: boolean | null;
            /** @description Whether it takes no more pods */
            cordoned: boolean;
            /** @description Conditions that it has besides being ready, such as `MemoryPressure` */
            pressure: string[];
            /** @description Pods on it that have not ended; null while unknown */
            pods: number | null;
            /** @description Pods that it can take; null while unknown */
            pods_most: number | null;
            /** @description Millicores */
            cpu: components["schemas"]["NowNodeUse"];
            /** @description MiB */
            mem: components["schemas"]["NowNodeUse"];
        };
        /** @description How many nodes there are. */
        NowNodeCounts: {
            /** @description Ready */
            ready: number;
            /** @description All */
            all: number;
        };
        /** @description A resource of one node or of all. */
        NowNodeUse: {
            /** @description Used now: of a node by whatever runs there, of an env by its pods; null while unknown */
            used: number | null;
            /** @description Requested by its pods; null while unknown */
            requested: number | null;
            /** @description What its pods may have; null while unknown */
            allocatable: number | null;
        };
        /** @description An env's nodes as they are now. */
        NowNodes: {
            /** @description When they were evaluated, UTC; null where the store has not answered since the API runs */
            at: string | null;
            /** @description By name */
            items: components["schemas"]["NowNode"][];
        };
        /** @description How many pods there are, by how they are; null while unknown. */
        NowPods: {
            /** @description Running, and not waiting for what does not come */
            running: number | null;
            /** @description Neither running nor failing yet */
            pending: number | null;
            /** @description Failed, or with a container in a crash loop, without its image or its configuration */
            failing: number | null;
        };
        /** @description How one of an evaluation's queries went. */
        NowQuery: {
            /**
             * @description Which
             * @enum {string}
             */
            name: "cpu" | "memory" | "pods" | "restarts" | "owners" | "replicas" | "requests" | "limits" | "nodes" | "node_use" | "volumes" | "autoscalers" | "traffic" | "latency";
            /**
             * @description `ok`; `none`: the store has no such series; `failed`: it did not answer. What depends on one that is
             *     not `ok` is unknown
             * @enum {string}
             */
            state: "ok" | "none" | "failed";
            /** @description Why it failed; empty otherwise */
            reason: string;
            /** @description How long the store took, milliseconds */
            took_ms: number;
        };
        /** @description A service as it is now. */
        NowService: {
            /** @description Its pods */
            pods: components["schemas"]["NowPods"];
            /** @description Millicores */
            cpu: components["schemas"]["NowUse"];
            /** @description MiB, working set */
            mem: components["schemas"]["NowUse"];
            /** @description Restarts of containers within the last hour; null while unknown */
            restarts_1h: number | null;
            /** @description Requests per second; null where nobody counts them, or while unknown */
            qps: number | null;
            /** @description Share of them that failed, per cent */
            error_pct: number | null;
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Pods that are available, as the cluster counts them; null while unknown */
            ready: number | null;
            /** @description Pods that are asked for; null while unknown */
            asked: number | null;
            /** @description Why containers wait, as Kubernetes calls it, and how many do */
            waiting: {
                [key: string]: number;
            };
            /** @description Latency that 95 per cent of requests stay within, milliseconds; of several ReplicaSets the longest */
            p95_ms: number | null;
            /** @description Its HorizontalPodAutoscaler; null without one */
            autoscaler: components["schemas"]["NowAutoscaler"] | null;
            /** @description What is wrong with it, what is worst first */
            troubles: ("crash_loop" | "image" | "config" | "none_ready" | "pods_missing" | "pending" | "failing" | "mem_near_limit" | "restarts" | "errors" | "at_most" | "cpu_near_limit")[];
        };
        /** @description Some of an env's services as they are now. */
        NowServices: {
            /** @description When they were evaluated, UTC; null where the store has not answered since the API runs */
            at: string | null;
            /** @description How many match in all */
            total: number;
            /** @description How many services have each trouble, of those that the other filters leave */
            troubles: {
                [key: string]: number;
            };
            /** @description Those of this part */
            items: components["schemas"]["NowService"][];
        };
        /** @description What an env comes to: all of it, or the namespaces that you may see. */
        NowTiles: {
            /** @description Nodes; null while unknown, and for whom not the whole env is in scope */
            nodes: components["schemas"]["NowNodeCounts"] | null;
            /** @description Pods */
            pods: components["schemas"]["NowPods"];
            /** @description Millicores. What nodes may give is null for whom not the whole env is in scope */
            cpu: components["schemas"]["NowNodeUse"];
            /** @description MiB. Likewise */
            mem: components["schemas"]["NowNodeUse"];
            /** @description Volumes; null while unknown */
            volumes: components["schemas"]["NowVolumes"] | null;
            /** @description Services */
            services: number;
            /** @description Services with which something is wrong */
            troubled: number;
        };
        /** @description A resource, over all pods. */
        NowUse: {
            /** @description Used now, millicores or MiB; null while unknown */
            used: number | null;
            /** @description Requested; null for none, or while unknown */
            request: number | null;
            /** @description Limit; null where a container has none, or while unknown */
            limit: number | null;
        };
        /** @description A volume that is nearly full. */
        NowVolume: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the PersistentVolumeClaim */
            claim: string;
            /** @description Share that is used, per cent */
            used_pct: number;
        };
        /** @description How full volumes are. */
        NowVolumes: {
            /** @description Volumes that are at least 85 per cent full, the fullest first */
            full: components["schemas"]["NowVolume"][];
            /** @description Volumes of which it is told; null for whom not the whole env is in scope */
            all: number | null;
        };
        /** @description How many services of an operation are in which state. */
        OperationCounts: {
            /** @description All */
            total: number;
            /** @description Not begun */
            pending: number;
            /** @description Being asked, rolling out or being rolled back */
            under_way: number;
            /** @description Done */
            succeeded: number;
            /** @description Failed */
            failed: number;
            /** @description Failed, and the previous values were restored */
            rolled_back: number;
            /** @description Left out */
            cancelled: number;
        };
        /** @description An operation and what became of each of its services. */
        OperationDetail: {
            /** @description Seconds between one service and the next */
            pause_s: number;
            /** @description Whether the rest is left out after the first service that fails */
            stop_on_error: boolean;
            /** @description Whether each rollout is waited for before the next service is begun */
            wait_rollout: boolean;
            /** @description Whether the previous values are restored where a rollout fails */
            rollback_on_failure: boolean;
            /** @description Identity */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description `scale`, `restart` or `resize`
             * @enum {string}
             */
            kind: "scale" | "restart" | "resize";
            /**
             * @description `pending` until it is begun; `failed` if a service failed
             * @enum {string}
             */
            state: "pending" | "running" | "succeeded" | "failed" | "cancelled";
            /** @description How many services are in which state */
            counts: components["schemas"]["OperationCounts"];
            /** @description The first few of its services */
            first: components["schemas"]["ServiceName"][];
            /** @description Seconds after which a rollout has failed */
            rollout_timeout_s: number;
            /** @description It is not begun before this time, UTC */
            run_at: string | null;
            /** @description The previous counts are given back at this time, UTC */
            until: string | null;
            /** @description The operation whose values before this one brings back; empty if none */
            rollback_of: string;
            /** @description The schedule that made it; empty if a person did */
            schedule_id: string;
            /** @description Who asked for it */
            requested_by: string;
            /**
             * Format: date-time
             * @description When, UTC
             */
            requested_at: string;
            /** @description When it was begun, UTC */
            started_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
            /** @description Who cancelled it; empty if nobody */
            cancelled_by: string;
            /**
             * @description Why it does not go on, in one word: `not_due`: it is begun at `run_at`; `lease_unavailable`: who
             *     answers can't hold the Lease of the env, and nobody else is known to; `no_cluster`: none is configured
             *     for the env; empty if nothing keeps it waiting
             * @enum {string}
             */
            waiting_reason: "" | "not_due" | "lease_unavailable" | "no_cluster";
            /** @description The same in words, such as `may not get leases in namespace kubedoor of the cluster prod` */
            waiting_detail: string;
            /**
             * @description Grows with each step
             * @example 1760000000000000
             */
            version: string;
            /** @description The services, in the order in which they are begun */
            targets: components["schemas"]["TargetResult"][];
        };
        /** @description One part of the operations of an env, the latest first. */
        OperationList: {
            /** @description The operations */
            items: components["schemas"]["OperationSummary"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description Something worth saying: a code, and what it is about. */
        OperationNote: {
            /**
             * @description What is said
             * @enum {string}
             */
            code: "not_governed" | "missing" | "being_deleted" | "not_registered" | "no_count" | "paused" | "autoscaled" | "set_to_autoscaled" | "no_autoscaler" | "owned_autoscaler" | "several_autoscalers" | "count_changed_at_admission" | "restart_removed_at_admission" | "forbidden" | "admission" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable" | "crash_loop" | "oom" | "image" | "no_progress" | "not_through_in_time" | "overtaken" | "template_changed_since" | "count_changed_since" | "count_removed_since" | "advice_changed_since" | "autoscaler_gone" | "bounds_changed_since" | "cancelled" | "stopped" | "cancelled_unwatched" | "stopped_unwatched" | "unwatched" | "unforeseen" | "bad_count" | "twice" | "rolling_out" | "has_count_already" | "count_given_back" | "no_pods_to_restart" | "no_pods_left" | "bounds_moved" | "admission_sets_count" | "value_stays" | "rollback_failed" | "not_rolled_back" | "some_refused" | "room_unknown" | "not_found" | "run_missed" | "run_missed_grace" | "runs_missed" | "missed_before_change" | "resize_unavailable" | "needs_restart" | "resizing" | "resized" | "resized_with_restarts" | "no_pods_to_resize" | "resize_until_rollout" | "nobody_in_charge" | "began_late" | "given_back_before" | "schedule_removed" | "not_begun_in_time" | "run_refused" | "said";
            /** @description What it is about, by name: a service, a count, or `text`, the words of the cluster itself */
            parameters: {
                [key: string]: string | number;
            };
        };
        /** @description What an operation would do; nothing is changed. */
        OperationPreview: {
            /**
             * @description `scale`, `restart` or `resize`
             * @enum {string}
             */
            kind: "scale" | "restart" | "resize";
            /** @description Each service, in the given order */
            targets: components["schemas"]["TargetPreview"][];
            /** @description What it asks of the cluster; null if its nodes could not be looked at */
            room: components["schemas"]["Room"] | null;
            /** @description What deserves a thought before, about the whole */
            warnings: components["schemas"]["OperationNote"][];
            /** @description The same in English */
            detail: string;
        };
        /** @description One message of an operation's events: what has changed since the one before. */
        OperationProgress: {
            /** @description As it stands now */
            operation: components["schemas"]["OperationSummary"];
            /** @description The services that changed; in the first message all */
            targets: components["schemas"]["TargetProgress"][];
        };
        /** @description An operation without its services. */
        OperationSummary: {
            /** @description Seconds between one service and the next */
            pause_s: number;
            /** @description Whether the rest is left out after the first service that fails */
            stop_on_error: boolean;
            /** @description Whether each rollout is waited for before the next service is begun */
            wait_rollout: boolean;
            /** @description Whether the previous values are restored where a rollout fails */
            rollback_on_failure: boolean;
            /** @description Identity */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description `scale`, `restart` or `resize`
             * @enum {string}
             */
            kind: "scale" | "restart" | "resize";
            /**
             * @description `pending` until it is begun; `failed` if a service failed
             * @enum {string}
             */
            state: "pending" | "running" | "succeeded" | "failed" | "cancelled";
            /** @description How many services are in which state */
            counts: components["schemas"]["OperationCounts"];
            /** @description The first few of its services */
            first: components["schemas"]["ServiceName"][];
            /** @description Seconds after which a rollout has failed */
            rollout_timeout_s: number;
            /** @description It is not begun before this time, UTC */
            run_at: string | null;
            /** @description The previous counts are given back at this time, UTC */
            until: string | null;
            /** @description The operation whose values before this one brings back; empty if none */
            rollback_of: string;
            /** @description The schedule that made it; empty if a person did */
            schedule_id: string;
            /** @description Who asked for it */
            requested_by: string;
            /**
             * Format: date-time
             * @description When, UTC
             */
            requested_at: string;
            /** @description When it was begun, UTC */
            started_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
            /** @description Who cancelled it; empty if nobody */
            cancelled_by: string;
            /**
             * @description Why it does not go on, in one word: `not_due`: it is begun at `run_at`; `lease_unavailable`: who
             *     answers can't hold the Lease of the env, and nobody else is known to; `no_cluster`: none is configured
             *     for the env; empty if nothing keeps it waiting
             * @enum {string}
             */
            waiting_reason: "" | "not_due" | "lease_unavailable" | "no_cluster";
            /** @description The same in words, such as `may not get leases in namespace kubedoor of the cluster prod` */
            waiting_detail: string;
            /**
             * @description Grows with each step
             * @example 1760000000000000
             */
            version: string;
        };
        /** @description One service to act on, with a count that is one. */
        OperationTarget: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload: operations are of Deployments
             * @constant
             */
            kind?: "Deployment";
            /** @description Name of the workload */
            name: string;
            /**
             * @description Scale to this number of pods, which becomes the service's manual count; null: to the count that
             *     the control table has. For scale alone
             */
            replicas?: number | null;
            /** @description Move the bounds of the service's autoscaler instead; without it an autoscaled service is refused */
            autoscaler_bounds?: components["schemas"]["AutoscalerBounds"] | null;
        };
        /** @description An env at its peak: all of it, or the namespaces that you may see. */
        Overview: {
            /** @description The day; null while nothing has been collected */
            date: string | null;
            /** @description The namespaces that the figures are of, where you may not see all of the env; null: all */
            scope: string[] | null;
            /** @description Its totals */
            totals: components["schemas"]["Totals"] | null;
            /** @description The same in money; null while no price is known */
            money: components["schemas"]["Money"] | null;
            /** @description Its score; null while nothing has been collected */
            score: components["schemas"]["EnvScore"] | null;
            /** @description Registered services */
            registered: number;
            /** @description Services that were seen that day and are not registered */
            unregistered: number;
        };
        /** @description The expert's values of one container, as they were. */
        PastContainer: {
            /** @description CPU request, millicores */
            request_cpu_m: number | null;
            /** @description CPU limit, millicores */
            limit_cpu_m: number | null;
            /** @description Memory request, MiB */
            request_mem_mib: number | null;
            /** @description Memory limit, MiB */
            limit_mem_mib: number | null;
            /** @description Name of the container */
            name: string;
        };
        /** @description Peak hours found in what was used over whole days. */
        PeakHoursFound: {
            /** @description The peak hours that are set */
            peak_hours: string;
            /** @description First of the days; null where none is known as a whole */
            since: string | null;
            /** @description Last of the days */
            until: string | null;
            /** @description How many days are known */
            days: number;
            /** @description For all services */
            env: components["schemas"]["Found"];
            /** @description For each namespace */
            namespaces: components["schemas"]["FoundInNamespace"][];
        };
        /** @description One part of a day's peak data. */
        PeakList: {
            /** @description The day; null while nothing has been collected */
            date: string | null;
            /** @description The rows */
            items: components["schemas"]["PeakRow"][];
            /** @description How many rows there are in all parts */
            total: number;
            /** @description How often each flag is found among the rows of all parts, whatever `flag` asks for */
            flags: components["schemas"]["FlagCount"][];
            /**
             * @description What has no figures that day, or not the usual ones, and why; of the namespaces that you may see,
             *     whatever the filter asks for
             */
            left_out: components["schemas"]["LeftOut"][];
            /** @description Whether the last collection of the day failed, so that it keeps what it had */
            failed: boolean;
            /** @description Why it failed; null where it did not, and for who may not see all of the env */
            error: string | null;
        };
        /** @description One container of a service in the peak window of one day; null where unknown. */
        PeakRow: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the container */
            container: string;
            /**
             * Format: date-time
             * @description Begin of the peak window, UTC
             */
            window_start: string;
            /**
             * Format: date-time
             * @description End of the peak window, UTC
             */
            window_end: string;
            /** @description Median over the window of the number of pods */
            pod_count: number | null;
            /** @description P95 over the window of the mean over pods of the cpu use, millicores */
            p95_cpu_m: number | null;
            /** @description The hottest pod's own P95 of the cpu use, millicores */
            p95_cpu_hot_m: number | null;
            /** @description P95 over the window of the mean over pods of the memory working set, MiB */
            p95_mem_mib: number | null;
            /** @description The largest pod's own P95 of the memory working set, MiB */
            p95_mem_hot_mib: number | null;
            /** @description Largest memory working set, MiB */
            max_mem_mib: number | null;
            /** @description CPU request that the pods ran with, millicores */
            request_cpu_m: number | null;
            /** @description CPU limit that the pods ran with, millicores */
            limit_cpu_m: number | null;
            /** @description Memory request that the pods ran with, MiB */
            request_mem_mib: number | null;
            /** @description Memory limit that the pods ran with, MiB */
            limit_mem_mib: number | null;
            /** @description P95 of the cpu use in per cent of the limit that held; null without a limit */
            cpu_pct: number | null;
            /** @description P95 of the memory in per cent of the limit that held; null without a limit */
            mem_pct: number | null;
            /** @description Out-of-memory kills in the window */
            oom_kills: number | null;
            /** @description Share of the window's periods that were throttled, per cent */
            throttled_pct: number | null;
            /** @description Samples that were there over samples that should have been, 0..1 */
            coverage: number | null;
            /**
             * @description Who said which Deployment the pods are of: kube-state-metrics, or nobody, and it was read from
             *     the pods' names
             */
            owner_source: ("metrics" | "name") | null;
            /**
             * Format: date-time
             * @description When the row was collected, UTC
             */
            collected_at: string;
            /** @description What is odd about it */
            flags: ("hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem")[];
        };
        /** @description A folder that a file could be written to. */
        PlaceView: {
            /** @description Where, in the container */
            path: string;
            /** @description Free on its disk */
            free_bytes: number;
            /**
             * @description `fits`; or why not: `no_room`, too little is free; `memory`: what is in it counts as the container's
             *     memory; `size_limit`, `ephemeral_limit`: the pod would be evicted, as the volume's sizeLimit or the
             *     container's limit of ephemeral-storage would be passed; `node_disk`: less than 15 % of the node's disk
             *     would stay free, at which kubelets evict pods; `read_only`; `other_volume`: it is no emptyDir
             * @enum {string}
             */
            verdict: "fits" | "no_room" | "memory" | "size_limit" | "ephemeral_limit" | "read_only" | "other_volume" | "node_disk";
        };
        /** @description Actions on pods. */
        PodActionList: {
            /** @description The latest first */
            items: components["schemas"]["PodActionView"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description What an action would do. Nothing is changed. */
        PodActionPreview: {
            /**
             * @description What would be done
             * @enum {string}
             */
            kind: "delete" | "isolate" | "threads" | "histogram" | "heap_info" | "native_memory" | "flags" | "heap_dump" | "jfr" | "terminal";
            /** @description Namespace of the pod */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description The pod's uid, which the action is bound to */
            uid: string;
            /** @description Pods of the same controller that take requests now */
            ready_before: number;
            /** @description Those that do once it is gone, before a new one is there */
            ready_after: number;
            /** @description What makes a new one, such as `ReplicaSet cart-5d9f7c6b8d`; empty if nothing does */
            replaced_by: string;
            /** @description PodDisruptionBudgets that hold it */
            budgets: components["schemas"]["BudgetView"][];
            /** @description Of `isolate`: the Services that send it requests now */
            services: components["schemas"]["SelectedByView"][];
            /** @description Of `isolate`: the NetworkPolicies that would stop or begin to hold it */
            network_policies: components["schemas"]["PolicyEffectView"][];
            /** @description Of `isolate`: the JSON patch, as it would be sent at once */
            patch: {
                [key: string]: unknown;
            }[];
            /** @description Of `isolate`: hours after which the pod is deleted; null: it is not */
            expires_after_h: number | null;
            /** @description Of what a JVM is asked, and of `terminal`: the container */
            container: string;
            /** @description Of `terminal`: the containers of the pod, of which one may be chosen */
            containers: string[];
            /** @description Of what a JVM is asked: those that run in it now */
            jvms: components["schemas"]["JvmView"][];
            /** @description Room that the file of a `heap_dump` or `jfr` is reckoned to need; null: not known, or there is none */
            needs_bytes: number | null;
            /** @description The folders that it could be written to, in order; the first that fits is taken */
            places: components["schemas"]["PlaceView"][];
            /**
             * @description Of `heap_dump`, where none fits: whether it can go through a FIFO, which can't be resumed when the
             *     download breaks; null: a file is written, or it can't be told before
             */
            fifo: components["schemas"]["FifoView"] | null;
            /**
             * @description `name`: the pod's name must be typed, as the namespace is a production one, or a pod that may serve
             *     would stand still
             * @enum {string}
             */
            confirm: "name" | "";
            /**
             * @description What should be known before. `no_replacement`: nothing makes a new one; `last_ready`: no other pod
             *     takes requests; `budget_allows_none`: the eviction would be refused now; `budget_ignored`: a budget
             *     allows none, and deleting does not ask it; `runs_on_unseen`: its node may still run it, if it is only
             *     cut off; `same_name`: its StatefulSet makes no other one of its name until it is gone or put back;
             *     `stays`: nothing deletes it later, as podActions.delete is off; `policies_change`: see `network_policies`;
             *     `istio_open_connections`: connections that a mesh has open go on; `leaves_early`: a
             *     Service selects by what the ReplicaSet selects by, so that the pod leaves it before another is there;
             *     `no_jvm`: none runs in the container; `several_jvms`: one must be chosen by its `pid`; `toolbox_stays`:
             *     where the image has no tools, a container with them is put beside it, and stays until the pod goes;
             *     `stands_still`: the application does while its heap is written; `serves`: it is not isolated, and
             *     `isolate_first` is false; `secrets`: the file holds what the application has in memory; `no_room`: see
             *     `places`; `too_large`: more than 4 GiB; `heap_unknown`: how much is in use can't be told before;
             *     `environment`: a recording holds environment variables and system properties
             */
            warnings: ("no_replacement" | "last_ready" | "budget_ignored" | "budget_allows_none" | "runs_on_unseen" | "stays" | "same_name" | "policies_change" | "istio_open_connections" | "leaves_early" | "no_jvm" | "several_jvms" | "toolbox_stays" | "stands_still" | "serves" | "secrets" | "no_room" | "too_large" | "heap_unknown" | "environment")[];
        };
        /** @description An action, and how it stands. */
        PodActionView: {
            /** @description Identity of the action */
            id: string;
            /**
             * @description What is done
             * @enum {string}
             */
            kind: "delete" | "isolate" | "threads" | "histogram" | "heap_info" | "native_memory" | "flags" | "heap_dump" | "jfr" | "terminal";
            /** @description Namespace of the pod */
            namespace: string;
            /** @description Name of the pod */
            pod: string;
            /** @description The pod's uid */
            uid: string;
            /** @description The container that it is about; empty for the pod's main one, or none */
            container: string;
            /** @description How */
            parameters: components["schemas"]["ActionParameters"];
            /**
             * @description How it stands
             * @enum {string}
             */
            state: "pending" | "running" | "done" | "failed" | "undoing" | "undone" | "expiring" | "expired" | "sending" | "removing" | "removed" | "waiting" | "open" | "closing";
            /**
             * @description Why it failed, or what was found otherwise than thought; empty for neither
             * @enum {string}
             */
            reason: "" | "budget_allows_none" | "still_there" | "gone_already" | "no_replacement" | "endpoints_left" | "keeps_changing" | "no_container" | "no_jvm" | "several_jvms" | "not_attachable" | "not_enabled" | "too_large" | "cut" | "timeout" | "not_isolated" | "heap_unknown" | "no_jfr" | "no_tools" | "no_room" | "not_written" | "interrupted" | "changed" | "not_removed" | "not_kept" | "not_taken" | "time_over" | "discarded" | "left" | "idle" | "time_limit" | "session_over" | "not_opened" | "api_ended" | "no_shell" | "not_ended" | "forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable";
            /** @description The same in words, as far as the cluster said some */
            detail: string;
            /** @description PodDisruptionBudgets that allow none to go, where that is why it failed */
            blocked_by: string[];
            /** @description The JVM that was asked */
            jvm: components["schemas"]["JvmView"] | null;
            /** @description Where several were found and none was chosen: those */
            jvms: components["schemas"]["JvmView"][];
            /** @description How it was asked; empty where it was not */
            way: ("jcmd" | "toolbox" | "signal") | "";
            /** @description Ways that did not work, in the order in which they were tried */
            ways: components["schemas"]["WayView"][];
            /** @description Of `threads`: the names of the threads of each deadlock that was found */
            deadlocks: string[][];
            /** @description Of `terminal`, once it was opened: what is known of it */
            terminal: components["schemas"]["TerminalView"] | null;
            /** @description Of `heap_dump`: the action that isolates the pod before; empty: none does */
            isolated_by: string;
            /** @description Where there was no room: the folders that were looked at */
            places: components["schemas"]["PlaceView"][];
            /** @description Of `jfr`: the events that take most of the recording; empty where no `jfr` of the JDK was there */
            top_events: components["schemas"]["EventCountView"][];
            /** @description Size of the file that came of it; null without one, and before it has gone through a FIFO */
            bytes: number | null;
            /**
             * @description Of that file, as the pod and the api both made it; empty without one, and where it went through a FIFO
             *     and the image had no `tee`
             */
            sha256: string;
            /** @description Whether there is a FIFO: whoever downloads it has the JVM write its heap, and stand still meanwhile */
            through_fifo: boolean;
            /** @description Whether the file can be had now */
            has_file: boolean;
            /** @description Whether the object store keeps the file; else it is in its pod, and can be had once */
            kept: boolean;
            /** @description The service that the pod was of, when the action was asked for; null: of none that is known */
            service: components["schemas"]["ActedService"] | null;
            /** @description Of `isolate`: the labels that were taken off, and come back with the way back */
            labels: {
                [key: string]: string;
            };
            /** @description What was done, in order */
            steps: components["schemas"]["StepView"][];
            /** @description Whether the way back can be asked for */
            can_undo: boolean;
            /** @description When the isolated pod is deleted, or the file removed from its pod, UTC; null: it is not */
            expires_at: string | null;
            /** @description Who asked for the way back; empty for nobody */
            undone_by: string;
            /**
             * Format: date-time
             * @description When it was asked for, UTC
             */
            requested_at: string;
            /** @description By whom */
            requested_by: string;
            /** @description When it ended, UTC */
            finished_at: string | null;
        };
        /** @description One container of one pod; a value for each of the answer's times, null where there was none. */
        PodCurve: {
            /** @description Name of the pod */
            pod: string;
            /** @description Name of the container */
            container: string;
            /** @description CPU use, millicores */
            cpu_m: (number | null)[];
            /** @description Memory working set, MiB */
            mem_mib: (number | null)[];
        };
        /** @description The pods of a service over time. */
        PodCurves: {
            /**
             * Format: date-time
             * @description Begin, UTC
             */
            since: string;
            /**
             * Format: date-time
             * @description End, UTC
             */
            until: string;
            /** @description Seconds between two times */
            step_s: number;
            /** @description The times, UTC */
            times: string[];
            /** @description The containers of the pods */
            curves: components["schemas"]["PodCurve"][];
        };
        /** @description What one pod asks of a node: its containers added up, as the scheduler does it. */
        PodRequests: {
            /** @description CPU, millicores */
            cpu_m: number;
            /** @description Memory, MiB */
            mem_mib: number;
        };
        /** @description Something that takes points of one service, and what the service weighs. */
        PointsToGain: {
            /**
             * @description Part of the score
             * @enum {string}
             */
            part: "cost" | "safety" | "count" | "runtime" | "steadiness";
            /**
             * @description What was found
             * @enum {string}
             */
            rule: "request_unused" | "oom_killed" | "oom_killed_often" | "memory_near_limit" | "cpu_near_limit" | "cpu_request_short" | "memory_request_short" | "throttled" | "much_throttled" | "no_memory_limit" | "one_pod" | "too_many_pods" | "too_few_pods" | "errors" | "many_errors" | "slow" | "very_slow" | "gc" | "much_gc" | "full_gc" | "heap_full" | "hot_pod" | "very_hot_pod" | "restarts" | "thin_coverage";
            /**
             * Format: date
             * @description Local day on which it was found: the scored one, or that of the last kill
             */
            date: string;
            /** @description Points of the score that it takes: with the score, all of them are a hundred */
            points: number;
            /** @description What was measured */
            value: number;
            /** @description From where on it takes points */
            threshold: number;
            /** @description Name of the container; null where it is not one's */
            container: string | null;
            /** @description What could be done; null: none of our own actions helps */
            remedy: components["schemas"]["Remedy"] | null;
            /** @description How many changes it takes to have the points back; `remedy` is the one that gives most */
            changes: number;
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description What the service's requests cost a month, so much do its points weigh; null while no price is known */
            money_month: number | null;
        };
        /** @description A NetworkPolicy for which the lost labels matter. */
        PolicyEffectView: {
            /** @description Its name */
            name: string;
            /**
             * @description Whether it stops or begins to select the pod
             * @enum {string}
             */
            effect: "no_longer_selected" | "newly_selected";
        };
        /** @description A manifest, or the name of a live Deployment. */
        Preview: {
            /** @description A Deployment as YAML or JSON; other documents beside it, and a `List` around it, are passed by */
            manifest?: string | null;
            /** @description Namespace of the live Deployment, or of a manifest that names none */
            namespace?: string | null;
            /** @description Name of the live Deployment */
            name?: string | null;
            /**
             * @description The mode to decide by, whatever holds now
             * @enum {string}
             */
            mode?: "off" | "observe" | "enforce";
        };
        /** @description What admission would make of it: the same decision that the webhook takes. */
        PreviewResult: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Whether it is in the control table */
            registered: boolean;
            /**
             * @description The mode that holds for it now
             * @enum {string}
             */
            current_mode: "off" | "observe" | "enforce";
            /** @description Row of the decision table */
            rule: number;
            /**
             * @description What becomes of it
             * @enum {string}
             */
            result: "allowed_unchanged" | "unchanged" | "patched" | "denied" | "would_patch" | "would_deny";
            /** @description Whether it would be let in */
            allowed: boolean;
            /** @description Why it would be refused, in English; empty if not */
            message: string;
            /** @description What kubectl would print, in English */
            warnings: string[];
            /** @description Why something is refused, left alone, or set to another value than the control table's */
            notes: components["schemas"]["AdmissionNote"][];
            /** @description Values that nobody has set */
            unset: components["schemas"]["UnsetValue"][];
            /** @description What would change */
            changes: components["schemas"]["AdmissionChange"][];
            /** @description The JSONPatch */
            patch: {
                [key: string]: unknown;
            }[];
            /** @description The manifest as it would be admitted, YAML; empty if refused */
            admitted: string;
        };
        /**
         * ProblemCode
         * @description What a problem document is about. Its `parameters` are named beside each word where it is raised.
         * @enum {string}
         */
        ProblemCode: "invalid" | "unauthenticated" | "forbidden" | "not_found" | "method_not_allowed" | "conflict" | "stale" | "too_large" | "wrong_type" | "address_too_long" | "headers_too_large" | "version_missing" | "slow_down" | "failed" | "cluster_refused" | "unavailable" | "token_expired" | "token_invalid" | "cross_site" | "right_missing" | "tokens_make_no_tokens" | "no_service" | "no_deployment" | "no_version" | "no_peak" | "no_operation" | "no_schedule" | "no_collection" | "no_advice" | "no_token" | "no_ai_call" | "no_pod" | "no_alert" | "no_pod_action" | "no_node_action" | "no_finding" | "no_cluster" | "no_prometheus" | "no_address" | "registered_already" | "services_changed" | "version_was_removal" | "operation_ended" | "operation_under_way" | "nothing_to_roll_back" | "selector_finds_nothing" | "selector_finds_too_many" | "run_refused" | "namespace_not_governed" | "kind_not_governed" | "webhook_not_ready" | "cluster_forbids" | "advice_outdated" | "below_least" | "ai_off" | "ai_nothing" | "ai_no_room" | "pod_actions_off" | "no_log" | "pod_replaced" | "node_is_there" | "no_node" | "node_control_off" | "cordoned_by_others" | "too_many_cordoned" | "control_plane_node" | "node_changed" | "node_busy" | "node_action_ended" | "drain_not_agreed" | "taint_of_cluster" | "confirm_missing" | "not_isolatable" | "isolated_already" | "nothing_to_undo" | "no_container" | "no_file" | "busy" | "no_terminal" | "upgrade_required" | "too_many_streams" | "ai_budget" | "too_many_log_viewers" | "too_many_now_viewers" | "too_many_terminals" | "mode_not_told" | "ai_left_alone";
        /** @description What went wrong (RFC 9457). */
        ProblemDocument: {
            /** @description `about:blank`: the status says the kind */
            type: string;
            /** @description The status in words */
            title: string;
            /** @description HTTP status */
            status: number;
            /** @description One sentence for a person: what is wrong and what to do */
            detail: string;
            /** @description The kind of refusal: `no_cluster`, `operation_ended`, ...; where the status says all, a word for it */
            code: components["schemas"]["ProblemCode"];
            /** @description What the detail is about, by name: the `role` that a 403 takes, the `part` that a 503 lacks */
            parameters: {
                [key: string]: unknown;
            };
            /** @description The fields that are wrong */
            errors?: components["schemas"]["FieldProblem"][] | null;
            /** @description With 412: what stands now, as its GET answers it */
            current?: {
                [key: string]: unknown;
            } | null;
        };
        /** @description Which peak days the derived values come from; null where not derived yet. */
        Provenance: {
            /** @description Day on which pods × P95 cpu was largest */
            peak_date_cpu: string | null;
            /** @description Day on which pods × P95 memory was largest */
            peak_date_mem: string | null;
            /** @description Pods on the cpu peak day */
            peak_pods_cpu: number | null;
            /** @description Pods on the memory peak day */
            peak_pods_mem: number | null;
            /** @description Coverage of the cpu peak day, 0..1 */
            coverage_cpu: number | null;
            /** @description Coverage of the memory peak day, 0..1 */
            coverage_mem: number | null;
            /** @description Peak hours of the cpu peak day, `HH:MM-HH:MM`; empty if unknown */
            window_cpu: string;
            /** @description Peak hours of the memory peak day, `HH:MM-HH:MM`; empty if unknown */
            window_mem: string;
            /** @description First collected day with the service */
            first_seen: string | null;
            /** @description Latest collected day with the service */
            last_seen: string | null;
            /** @description Rule that made the cpu requests: `peak_day`, `own_peak`, `whole_day` or `fleet`; empty if unknown */
            request_rule: ("peak_day" | "own_peak" | "whole_day" | "fleet") | "";
            /** @description Likewise of memory: `p95` or `max` */
            memory_rule: ("p95" | "max") | "";
            /** @description The days that come after the cpu peak day, the largest first */
            runner_up_dates_cpu: string[];
            /** @description The days that come after the memory peak day, the largest first */
            runner_up_dates_mem: string[];
            /** @description Utilisation of its cpu request that an autoscaler steers to: the request is use / this; null: none */
            hpa_cpu_pct: number | null;
            /** @description Likewise of memory */
            hpa_mem_pct: number | null;
            /** @description Whether these requests were left as they were instead */
            hpa_left: boolean;
            /** @description The services of this rule, as the setting `rule_exceptions` names them; empty: the env's rule */
            rule_exception: string;
            /** @description Days that its rule looked back on */
            lookback_days: number | null;
            /** @description Added to the cpu used, per cent */
            margin_pct: number | null;
            /** @description Likewise of memory */
            memory_margin_pct: number | null;
            /** @description Local hour at which its own busiest hours begin; null while no whole day is known */
            own_peak_hour: number | null;
            /** @description P95 in these hours on its busiest day, of one pod */
            own_peak_cpu_m: number | null;
        };
        /** @description A ResourceQuota that does not hold what a namespace's Deployments ask for once they are governed. */
        QuotaExceeded: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the ResourceQuota */
            quota: string;
            /**
             * @description What it bounds
             * @enum {string}
             */
            resource: "requests.cpu" | "requests.memory" | "limits.cpu" | "limits.memory";
            /** @description Its bound, as Kubernetes writes it */
            hard: string;
            /** @description What the live Deployments would ask for together, each with all its pods */
            governed: string;
        };
        /** @description Whether an env can be enforced, and what that would refuse. */
        Readiness: {
            /** @description Whether the webhook is ready; null where it is not known from here where it is */
            webhook_answers: boolean | null;
            /** @description In words */
            webhook_detail: string;
            /** @description Until when the webhook's certificate is valid */
            certificate: components["schemas"]["WebhookCertificate"];
            /** @description `namespace/deployment` of live Deployments that enforcing would refuse at their next change */
            unregistered: string[];
            /** @description Live Deployments that would come out changed at their next roll-out */
            would_change: number;
            /** @description Registered services with an autoscaler, found or by people's word, and what becomes of their count */
            autoscaled: components["schemas"]["AutoscaledService"][];
            /** @description Live Deployments whose governed values their namespace's LimitRange does not allow as they are */
            bounded: components["schemas"]["BoundedService"][];
            /** @description ResourceQuotas that don't hold what the live Deployments of their namespace would ask for */
            quotas_exceeded: components["schemas"]["QuotaExceeded"][];
            /** @description Governed services that a VerticalPodAutoscaler changes too; set one of both to `off` */
            vertical: components["schemas"]["VerticallyScaled"][];
            /**
             * @description Namespaces that the settings govern and whose label keeps the cluster from asking the webhook: nothing
             *     of them is governed
             */
            opted_out: string[];
            /** @description What could not be asked for, so that something may be missing above */
            untold: components["schemas"]["Unasked"][];
        };
        /** @description What could be done: one of the actions of this API, with its values. */
        Remedy: {
            /**
             * @description Which one
             * @enum {string}
             */
            action: "set_request" | "set_limit" | "set_replicas" | "advice" | "spread_pods";
            /** @description Such as the container, the resource, and its value in m or MiB */
            parameters: {
                [key: string]: string | number;
            };
        };
        /** @description One service, by the rule that holds and by another. */
        ReplayChange: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Cores that all its pods ask for, a mean over the days, by the rule that holds */
            cores_now: number;
            /** @description The same by the other rule */
            cores_then: number;
            /** @description Memory likewise, GiB */
            gib_now: number;
            /** @description The same by the other rule */
            gib_then: number;
            /** @description Days on which its peak was above its request */
            bad_days_now: number;
            /** @description The same by the other rule */
            bad_days_then: number;
            /** @description Days that were scored */
            days: number;
        };
        /** @description What would have come of a rule; null where no day could be scored. */
        ReplayOutcome: {
            /**
             * @description `now`: the rule that holds; a preset; `asked`: one of those asked for, in their order
             * @enum {string}
             */
            name: "now" | "as_announced" | "steady" | "careful" | "asked";
            /** @description The rule */
            rule: components["schemas"]["ReplayRule"];
            /** @description Services of which a day could be scored */
            services: number;
            /** @description Days that were scored, of all services together */
            days: number;
            /** @description Of these, those whose peak was above the request */
            bad_days_pct: number | null;
            /** @description Those on which a pod's memory passed the request */
            mem_bad_days_pct: number | null;
            /** @description Those on which it passed the limit */
            mem_limit_days_pct: number | null;
            /** @description Minutes a day above the request */
            above_min_a_day: number | null;
            /** @description Share of what was asked for that the peak left */
            peak_slack_pct: number | null;
            /** @description Share that the whole day left */
            day_slack_pct: number | null;
            /** @description Cores asked for, a mean over the days */
            cores: number;
            /** @description Memory asked for, GiB */
            gib: number;
            /** @description What that costs a month; null where prices are unknown */
            money_month: number | null;
            /** @description Requests that change in a week */
            changes_a_week: number;
            /** @description The services that would change most against the rule that holds, at most 100 */
            largest: components["schemas"]["ReplayChange"][];
            /** @description How many services ask for other cores or memory than by the rule that holds */
            changed: number;
        };
        /** @description Which days, which rules beside the presets and the one that holds, and which exceptions all have. */
        ReplayRequest: {
            /** @description How many of the last days */
            days?: number;
            /** @description Rules to try besides */
            rules?: components["schemas"]["ReplayRule"][];
            /**
             * @description Services of another rule, in the notation of the setting, for the rules asked for; null: those that
             *     hold
             */
            rule_exceptions?: string | null;
        };
        /** @description What would have come of each rule. */
        ReplayResult: {
            /** @description First of the days; null where none is stored */
            since: string | null;
            /** @description Last of the days */
            until: string | null;
            /** @description Days of those asked for that are stored; a rule is scored on those after the first */
            days: number;
            /** @description Days between that count and of which nothing is stored */
            missing: string[];
            /** @description Weekdays that do not count by the peak hours, 0 is Monday */
            rest_days: number[];
            /** @description Services that were seen on any of the days */
            services: number;
            /** @description Those among them of which no day could be scored: they are too young, or their samples too few */
            unscored: number;
            /** @description The rule that holds, the presets, then those asked for */
            outcomes: components["schemas"]["ReplayOutcome"][];
        };
        /** @description How requests follow from the daily rows; the floors are the env's. */
        ReplayRule: {
            /**
             * @description `peak_day`, `own_peak`, `whole_day` or `fleet`, as the setting
             * @enum {string}
             */
            request_rule?: "peak_day" | "own_peak" | "whole_day" | "fleet";
            /** @description Days that are looked back on */
            lookback_days?: number;
            /** @description Added to the cpu used, per cent */
            margin_pct?: number;
            /** @description A request falls only where it would by more, per cent */
            hold_fall_pct?: number;
            /**
             * @description `p95` in the peak hours, or `max`, the most of the look-back
             * @enum {string}
             */
            memory_rule?: "p95" | "max";
            /** @description Added to the memory used, per cent */
            memory_margin_pct?: number;
            /** @description Length of a service's own peak, hours, for `own_peak` */
            own_peak_hours?: number;
        };
        /** @description Where the number of pods comes from; null where nobody knows. */
        ReplicaCounts: {
            /** @description What admission applies: manual, else ai, else observed */
            effective: number | null;
            /** @description Which of them that is */
            source: ("manual" | "ai" | "observed") | null;
            /** @description Entered by hand */
            manual: number | null;
            /** @description Of an accepted advice */
            ai: number | null;
            /** @description The advice that was accepted; empty: none */
            advice_id: string;
            /** @description Pods on the cpu peak day */
            observed: number | null;
            /** @description Pods when the service was first seen */
            initial: number | null;
        };
        /** @description Requests and limits of one container; null where nobody knows. */
        ResourceValues: {
            /** @description CPU request, millicores */
            request_cpu_m: number | null;
            /** @description CPU limit, millicores */
            limit_cpu_m: number | null;
            /** @description Memory request, MiB */
            request_mem_mib: number | null;
            /** @description Memory limit, MiB */
            limit_mem_mib: number | null;
        };
        /** @description A version to bring back. */
        Restore: {
            /**
             * @description The version whose values are to hold again
             * @example 1760000000000000
             */
            restore_version: string;
        };
        /** @description One version of the expert's row. */
        Revision: {
            /**
             * @description The version
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description When it was written, UTC
             */
            updated_at: string;
            /** @description Who wrote it */
            updated_by: string;
            /** @description Whether it removed the service */
            removed: boolean;
            /** @description Number of pods by hand */
            replicas_manual: number | null;
            /** @description Number of pods of an accepted advice */
            replicas_ai: number | null;
            /** @description The advice that was accepted; empty: none */
            advice_id: string;
            /**
             * @description `as_found`, `autoscaled` or `pinned`
             * @enum {string}
             */
            replicas_policy: "as_found" | "autoscaled" | "pinned";
            /** @description The service's own admission mode */
            mode: ("off" | "observe" | "enforce") | null;
            /** @description What people wrote about it */
            note: string;
            /** @description The expert's values */
            containers: components["schemas"]["PastContainer"][];
        };
        /**
         * Right
         * @description What somebody may do to pods and nodes, besides what their role lets them.
         * @enum {string}
         */
        Right: "logs" | "diagnose" | "isolate" | "delete" | "dump" | "exec" | "nodes" | "ingest";
        /**
         * Role
         * @description What somebody may do; each role may do what the ones before it may.
         *
         *     `ingest` sees nothing: it sends alerts.
         * @enum {string}
         */
        Role: "ingest" | "viewer" | "operator" | "admin";
        /** @description An accepted advice to take back. */
        RollBackItem: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The advice that was accepted */
            advice_id: string;
        };
        /** @description Cpu and memory that an operation asks of a cluster, against what its nodes have free. */
        Room: {
            /** @description Nodes that take ordinary pods */
            nodes: number;
            /** @description Allocatable and not requested, over those nodes, millicores */
            free_cpu_m: number;
            /** @description Allocatable and not requested, over those nodes, MiB */
            free_mem_mib: number;
            /** @description Asked for afterwards beyond what is asked for now, millicores; negative if less */
            added_cpu_m: number;
            /** @description Asked for afterwards beyond what is asked for now, MiB; negative if less */
            added_mem_mib: number;
            /** @description Asked for beyond that while pods are replaced, at most, millicores */
            surge_cpu_m: number;
            /** @description Asked for beyond that while pods are replaced, at most, MiB */
            surge_mem_mib: number;
            /** @description Whether the nodes have room for all of it */
            fits: boolean;
        };
        /** @description One part of a schedule's runs, the latest first. */
        RunList: {
            /** @description The runs */
            items: components["schemas"]["ScheduleRun"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description A time at which something runs. */
        RunTime: {
            /**
             * Format: date-time
             * @description UTC
             */
            at: string;
            /** @description The same in the schedule's time zone, with its offset */
            local: string;
        };
        /** @description A schedule and its next runs. */
        Schedule: {
            /** @description Seconds between one service and the next */
            pause_s: number;
            /** @description Whether the rest is left out after the first service that fails */
            stop_on_error: boolean;
            /** @description Whether each rollout is waited for before the next service is begun */
            wait_rollout: boolean;
            /** @description Whether the previous values are restored where a rollout fails */
            rollback_on_failure: boolean;
            /** @description Identity */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /** @description What people call it */
            name: string;
            /**
             * @description `scale` or `restart`
             * @enum {string}
             */
            kind: "scale" | "restart";
            /** @description The services; null with a selector */
            targets: components["schemas"]["OperationTarget"][] | null;
            /** @description Which services, looked up at each run; null with targets */
            selector: components["schemas"]["Selector"] | null;
            /** @description When it runs once, UTC; null with cron */
            once_at: string | null;
            /** @description Five fields; null with once_at */
            cron: string | null;
            /** @description Time zone of cron */
            timezone: string;
            /** @description Whether it runs */
            enabled: boolean;
            /**
             * @description `waiting` for its next run; `paused`; `finished`: there is no further run
             * @enum {string}
             */
            state: "waiting" | "paused" | "finished";
            /** @description When it runs next; null while it is paused or when it is finished */
            next_run: components["schemas"]["RunTime"] | null;
            /** @description What became of the last run, or of the last one that was left out */
            last_run: components["schemas"]["ScheduleRun"] | null;
            /**
             * @description What becomes of a run for which nobody was there in time
             * @enum {string}
             */
            misfire: "skip" | "run_late";
            /** @description Seconds that a run may be late */
            grace_s: number;
            /** @description Seconds after which a rollout has failed; null: as the settings say */
            rollout_timeout_s: number | null;
            /** @description Seconds after which the previous counts are given back; null: never, or as `until_cron` says */
            for_s: number | null;
            /** @description When the previous counts are given back after each run; null: never, or as `for_s` says */
            until_cron: string | null;
            /**
             * @description Grows with each change by somebody; goes into If-Match. Runs leave it as it is
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description When it was last changed, UTC
             */
            updated_at: string;
            /** @description Who changed it */
            updated_by: string;
            /** @description The next five, as if it were enabled */
            next_runs: components["schemas"]["RunTime"][];
        };
        /** @description One part of the schedules of an env. */
        ScheduleList: {
            /** @description The schedules */
            items: components["schemas"]["ScheduleSummary"][];
            /** @description How many there are in all parts */
            total: number;
        };
        /** @description A run of a schedule, or one that was left out. */
        ScheduleRun: {
            /** @description Identity of the run */
            id: string;
            /** @description The schedule */
            schedule_id: string;
            /**
             * Format: date-time
             * @description When it was due, UTC; for one by hand, when it was asked for
             */
            due_at: string;
            /**
             * @description Whether its time had come or somebody asked for it
             * @enum {string}
             */
            trigger: "time" | "hand";
            /**
             * @description `starting`: about to begin; `started`: see the operation; `skipped`: left out under the misfire rule;
             *     `failed`: it could not be begun
             * @enum {string}
             */
            outcome: "starting" | "started" | "skipped" | "failed";
            /** @description Why it was skipped or failed, or how late it was begun */
            notes: components["schemas"]["OperationNote"][];
            /** @description The same in English */
            reason: string;
            /** @description How many due times this entry says were skipped; 0 unless it was skipped */
            skipped_count: number;
            /** @description The last of them, UTC */
            skipped_until: string | null;
            /** @description Seconds from the due time to the start */
            late_s: number;
            /**
             * Format: date-time
             * @description When it was begun or left out, UTC
             */
            decided_at: string;
            /** @description Who asked for it; empty for its time */
            by: string;
            /** @description The operation that it made; empty if none */
            operation_id: string;
            /** @description How that stands; null without one */
            operation_state: ("pending" | "running" | "succeeded" | "failed" | "cancelled") | null;
            /** @description How many of its services are in which state */
            counts: components["schemas"]["OperationCounts"] | null;
            /** @description When the operation ended, UTC */
            finished_at: string | null;
        };
        /** @description A schedule in a list. */
        ScheduleSummary: {
            /** @description Seconds between one service and the next */
            pause_s: number;
            /** @description Whether the rest is left out after the first service that fails */
            stop_on_error: boolean;
            /** @description Whether each rollout is waited for before the next service is begun */
            wait_rollout: boolean;
            /** @description Whether the previous values are restored where a rollout fails */
            rollback_on_failure: boolean;
            /** @description Identity */
            id: string;
            /** @description Name of the cluster */
            env: string;
            /** @description What people call it */
            name: string;
            /**
             * @description `scale` or `restart`
             * @enum {string}
             */
            kind: "scale" | "restart";
            /** @description The services; null with a selector */
            targets: components["schemas"]["OperationTarget"][] | null;
            /** @description Which services, looked up at each run; null with targets */
            selector: components["schemas"]["Selector"] | null;
            /** @description When it runs once, UTC; null with cron */
            once_at: string | null;
            /** @description Five fields; null with once_at */
            cron: string | null;
            /** @description Time zone of cron */
            timezone: string;
            /** @description Whether it runs */
            enabled: boolean;
            /**
             * @description `waiting` for its next run; `paused`; `finished`: there is no further run
             * @enum {string}
             */
            state: "waiting" | "paused" | "finished";
            /** @description When it runs next; null while it is paused or when it is finished */
            next_run: components["schemas"]["RunTime"] | null;
            /** @description What became of the last run, or of the last one that was left out */
            last_run: components["schemas"]["ScheduleRun"] | null;
            /**
             * @description What becomes of a run for which nobody was there in time
             * @enum {string}
             */
            misfire: "skip" | "run_late";
            /** @description Seconds that a run may be late */
            grace_s: number;
            /** @description Seconds after which a rollout has failed; null: as the settings say */
            rollout_timeout_s: number | null;
            /** @description Seconds after which the previous counts are given back; null: never, or as `until_cron` says */
            for_s: number | null;
            /** @description When the previous counts are given back after each run; null: never, or as `for_s` says */
            until_cron: string | null;
            /**
             * @description Grows with each change by somebody; goes into If-Match. Runs leave it as it is
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description When it was last changed, UTC
             */
            updated_at: string;
            /** @description Who changed it */
            updated_by: string;
        };
        /** @description A score of one day. */
        ScoreDay: {
            /**
             * Format: date
             * @description Local day of the peak
             */
            date: string;
            /** @description 0 to 100; null while it is not known */
            score: number | null;
            /** @description The same as a letter */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known */
            known_pct: number;
        };
        /** @description One part of the services' scores at the peak of one day. */
        ScoreList: {
            /** @description The day; null while nothing has been collected */
            date: string | null;
            /** @description The services */
            items: components["schemas"]["ServiceScore"][];
            /** @description Services in all parts */
            total: number;
            /** @description Score of all of them, each by what its requests cost; null while none is known */
            score: number | null;
            /** @description The same as a letter */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known, a mean likewise */
            known_pct: number;
            /** @description The same of each namespace, the lowest score first; unknown ones last */
            namespaces: components["schemas"]["NamespaceScore"][];
        };
        /** @description The parts of a score, 0 to 100 each; null where nothing of it is known. */
        ScoreParts: {
            /** @description What is asked for and used at the peak */
            cost: number | null;
            /** @description What may end a pod, or slow it down */
            safety: number | null;
            /** @description How far the pods are from what is needed */
            count: number | null;
            /** @description What requests and garbage collection say */
            runtime: number | null;
            /** @description How evenly the pods work, and how well they are known */
            steadiness: number | null;
        };
        /** @description A Service that selects the pod. */
        SelectedByView: {
            /** @description Its name */
            name: string;
            /** @description The label by whose loss it no longer does */
            key: string;
        };
        /** @description Which services, looked up when the schedule runs: those that fit all of what is given. */
        Selector: {
            /** @description In one of these namespaces; none: in any that is governed */
            namespaces?: string[];
            /** @description A Kubernetes label selector on the Deployments: `tier=web,team in (a, b),!legacy` */
            labels?: string;
            /** @description The Deployment's whole name; `*` stands for anything, `?` for one character */
            name?: string;
            /** @description Scale each to this number of pods; null: to the count that the control table has. Not for restart */
            replicas?: number | null;
            /** @description Move the bounds of each one's autoscaler instead */
            autoscaler_bounds?: components["schemas"]["AutoscalerBounds"] | null;
        };
        /** @description A registered service: the expert's, the derived and the effective values, and its peak. */
        Service: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the cluster */
            env: string;
            /**
             * @description Version of the expert's row, `0` while there is none; goes into If-Match
             * @example 1760000000000000
             */
            version: string;
            /**
             * Format: date-time
             * @description Latest change of any value, UTC
             */
            updated_at: string;
            /** @description Who made it */
            updated_by: string;
            /** @description Number of pods, and where it comes from */
            replicas: components["schemas"]["ReplicaCounts"];
            /**
             * @description Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
             *     (`autoscaled`), or KubeDoor's whatever scales (`pinned`)
             * @enum {string}
             */
            replicas_policy: "as_found" | "autoscaled" | "pinned";
            /** @description Whether admission leaves the count alone, by that and by what was found */
            autoscaled: boolean;
            /** @description What was found to own the count; null: nothing */
            autoscaler: components["schemas"]["FoundAutoscaler"] | null;
            /** @description The service's own admission mode; null: as its namespace or env says */
            mode: ("off" | "observe" | "enforce") | null;
            /** @description What people wrote about it */
            note: string;
            /**
             * @description What deserves a look; `new`: first seen within the 7 days up to the env's latest collected one, and
             *     after its first
             */
            flags: ("hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem" | "errors" | "gc_overhead" | "heap_full" | "new" | "no_replicas" | "not_seen" | "peaks_elsewhere" | "slow")[];
            /** @description Its containers */
            containers: components["schemas"]["Container"][];
            /** @description The env's latest collected peak; null if the service was not seen then */
            peak: components["schemas"]["ServicePeak"] | null;
            /** @description Where the derived values come from */
            provenance: components["schemas"]["Provenance"];
            /** @description What it was asked at that peak; null where nobody counted, and `unknown` says why */
            traffic: components["schemas"]["ServiceTraffic"] | null;
            /** @description Heap and garbage collection at that peak; likewise */
            jvm: components["schemas"]["ServiceJvm"] | null;
            /** @description Its score of that day; likewise */
            score: components["schemas"]["ShownScore"] | null;
            /** @description Why one of these is not known */
            unknown: components["schemas"]["Unknown"];
        };
        /** @description A service all of whose ready pods are on the node. */
        ServiceDown: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name */
            service: string;
            /** @description How many they are */
            ready: number;
        };
        /** @description A change of the expert's row. A field left out stays; null clears it. */
        ServiceEdit: {
            /** @description Number of pods by hand; 0 means zero */
            replicas_manual?: number | null;
            /**
             * @description Whose the count is: an autoscaler's where one is found (`as_found`), an autoscaler's in any case
             *     (`autoscaled`), or KubeDoor's whatever scales (`pinned`)
             * @enum {string}
             */
            replicas_policy?: "as_found" | "autoscaled" | "pinned";
            /** @description The service's own admission mode; null: as its namespace or env says */
            mode?: ("off" | "observe" | "enforce") | null;
            /** @description What people should know about it */
            note?: string;
            /** @description Containers to change; the ones not named stay */
            containers?: components["schemas"]["ContainerEdit"][];
            /** @description Null takes the count of an accepted advice away; only accepting one sets it */
            replicas_ai?: null;
        };
        /** @description Heap and garbage collection in the peak window, the largest of the containers; null where unknown. */
        ServiceJvm: {
            /** @description Who tells, such as `micrometer` or `client_java` */
            source: string;
            /** @description P95 of the used heap, per cent of the largest possible one */
            heap_used_pct: number | null;
            /** @description Heap that is left after a collection, per cent of the largest possible one */
            heap_live_pct: number | null;
            /** @description Share of the window in which a pod stood still for garbage collection, per cent */
            gc_overhead_pct: number | null;
            /** @description Minutes of the window that are known, 0..1; the smallest of the containers */
            coverage: number | null;
        };
        /** @description Owners and labels of the services of an env. */
        ServiceLabels: {
            /** @description Keys of the labels that name the owner, as the setting `owner_labels` has them */
            owner_labels: string[];
            /** @description Keys of the labels that are told, as the setting `label_columns` has them */
            columns: string[];
            /** @description The services that bear any of them, or whose namespace names an owner */
            items: components["schemas"]["LabeledService"][];
        };
        /** @description One service over the days of the list; null on a day on which it was not seen. */
        ServiceLine: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description P95 of the cpu use of one pod, all its containers, millicores, day by day */
            cpu_m: (number | null)[];
            /** @description P95 of the memory of one pod, all its containers, MiB, day by day */
            mem_mib: (number | null)[];
        };
        /** @description Many services over the last peak days. */
        ServiceLines: {
            /** @description The days, oldest first; days that were not collected are missing */
            dates: string[];
            /** @description The services */
            items: components["schemas"]["ServiceLine"][];
        };
        /** @description One part of the services of an env. */
        ServiceList: {
            /** @description The services */
            items: components["schemas"]["Service"][];
            /** @description How many there are in all parts */
            total: number;
            /** @description Latest collected day of the env, which the peak figures are of */
            peak_date: string | null;
            /** @description Who told requests and JVM figures on that day, of any service */
            sources: components["schemas"]["FigureSources"];
        };
        /** @description A service of a cluster: a workload by its namespace, kind and name. */
        ServiceName: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
        };
        /** @description The latest collected peak window of the env, for one service. */
        ServicePeak: {
            /**
             * Format: date
             * @description Local day on which the window began
             */
            date: string;
            /** @description Median number of pods in the window */
            pod_count: number | null;
            /**
             * Format: date-time
             * @description Start of the window, UTC
             */
            window_start: string;
            /**
             * Format: date-time
             * @description End of the window, UTC
             */
            window_end: string;
        };
        /** @description A service's score at the peak of one day. */
        ServiceScore: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description 0 to 100; null where less than half of its weight is known */
            score: number | null;
            /** @description A from 90, B from 75, C from 60, D from 40, E */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known */
            known_pct: number;
            /** @description The parts */
            parts: components["schemas"]["ScoreParts"];
            /** @description What takes points, the largest first */
            deductions: components["schemas"]["Deduction"][];
        };
        /** @description A service's score at the peak of one day, and of the days before. */
        ServiceScoreHistory: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description 0 to 100; null where less than half of its weight is known */
            score: number | null;
            /** @description A from 90, B from 75, C from 60, D from 40, E */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known */
            known_pct: number;
            /** @description The parts */
            parts: components["schemas"]["ScoreParts"];
            /** @description What takes points, the largest first */
            deductions: components["schemas"]["Deduction"][];
            /** @description The last 90 days up to it that were scored, oldest first */
            history: components["schemas"]["ScoreDay"][];
        };
        /** @description What a service was asked in the peak window; null where its source does not tell. */
        ServiceTraffic: {
            /** @description Who counts, such as `istio` or `micrometer` */
            source: string;
            /** @description P95 over the window of the requests a second of all pods */
            qps_p95: number | null;
            /** @description The same, shared by the pods of the day */
            qps_per_pod: number | null;
            /** @description 95 % of the requests took at most so long, milliseconds */
            latency_p95_ms: number | null;
            /** @description Requests that failed, per cent */
            error_pct: number | null;
            /** @description Minutes of the window that are known, 0..1 */
            coverage: number | null;
        };
        /** @description One service day by day. */
        ServiceTrend: {
            /** @description Containers and days, oldest first */
            days: components["schemas"]["ContainerDay"][];
            /** @description What it was asked, oldest first; empty where no source tells */
            traffic: components["schemas"]["TrafficDay"][];
            /** @description What the JVMs of its containers did, oldest first; empty where there are none, or none tells */
            jvm: components["schemas"]["JvmDay"][];
        };
        /** @description A setting: what it means, what it takes, its value and where that comes from. */
        Setting: {
            /**
             * @description Name of the setting
             * @enum {string}
             */
            key: "peak_hours" | "namespaces" | "namespaces_excluded" | "lookback_days" | "request_rule" | "own_peak_hours" | "margin_pct" | "hold_fall_pct" | "memory_rule" | "memory_margin_pct" | "rule_exceptions" | "hpa_requests" | "floor_cpu_m" | "floor_mem_mib" | "allow_scale_to_zero" | "price_core_month" | "price_gib_month" | "currency" | "owner_labels" | "label_columns" | "production_namespaces" | "notify_kinds" | "notify_to" | "weekly_report" | "event_rules" | "alertmanager_url" | "advice_rules" | "score_rules" | "ai_enabled" | "ai_share";
            /**
             * @description What it belongs to
             * @enum {string}
             */
            group: "collection" | "derivation" | "admission" | "operations" | "money" | "advice" | "labels" | "notifications" | "ai";
            /**
             * @description How it is entered: text, a number, one of the `choices`, any of them, or `numbers` by name
             * @enum {string}
             */
            kind: "text" | "integer" | "number" | "choice" | "choices" | "numbers";
            /** @description What it means */
            description: string;
            /** @description Unit of a number; empty if it has none */
            unit: string;
            /** @description Smallest number that is taken */
            least: number | null;
            /** @description Largest number that is taken */
            most: number | null;
            /** @description What there is to choose from */
            choices: string[];
            /** @description What can be set by name, of `numbers`: `name=value`, separated by blanks */
            numbers: components["schemas"]["SettingNumber"][];
            /** @description The value that holds */
            value: string | number | string[];
            /** @description What holds while none is stored */
            environment: string | number | string[];
            /**
             * @description A stored value wins over the environment
             * @enum {string}
             */
            source: "stored" | "environment";
            /** @description Why the stored value is invalid, so that the environment's holds; null where it is not */
            complaint: string | null;
            /**
             * @description Version of the stored value, `0` while there is none; goes into If-Match
             * @example 1760000000000000
             */
            version: string;
            /** @description When it was stored, UTC */
            updated_at: string | null;
            /** @description Who stored it */
            updated_by: string;
        };
        /** @description A new value. */
        SettingChange: {
            /** @description The value, as the setting's `kind` says */
            value: string | number | string[];
        };
        /** @description The settings of an env. */
        SettingList: {
            /** @description The settings */
            items: components["schemas"]["Setting"][];
        };
        /** @description A number that a text of several sets by name, `name=value`. */
        SettingNumber: {
            /** @description Its name */
            name: string;
            /** @description What holds while it is not set */
            default: number;
            /** @description Smallest that is taken */
            least: number;
            /** @description Largest that is taken */
            most: number;
        };
        /** @description One step of setting up an env. */
        SetupStep: {
            /**
             * @description `configured`: it is in the clusters file; `reachable`: its API server answers; `rights`: the api's
             *     account may do all that it needs there; `collector`, `webhook`: they have written rows of it; `mode`:
             *     admission is not off
             * @enum {string}
             */
            step: "configured" | "reachable" | "rights" | "collector" | "webhook" | "mode";
            /**
             * @description `open`: not yet, `failed`: it was tried, and `detail` says why not
             * @enum {string}
             */
            state: "done" | "open" | "failed";
            /** @description What the cluster said, or the rights that are missing, one a line; empty where nothing is wrong */
            detail: string;
            /** @description When it was written last, UTC; null for the other steps */
            at: string | null;
        };
        /** @description How well a service asks for what it uses, as it was last scored. */
        ShownScore: {
            /** @description 0 to 100; null where less than half of its weight is known */
            score: number | null;
            /** @description A from 90, B from 75, C from 60, D from 40, E */
            grade: ("A" | "B" | "C" | "D" | "E") | null;
            /** @description Share of the weight that is known */
            known_pct: number;
        };
        /** @description What a group of like nodes comes to. */
        SimulatedGroup: {
            /** @description Instance type or size, zone, taints */
            name: string;
            /** @description Nodes that it has */
            nodes: number;
            /** @description Pods on them */
            pods: number;
            /** @description Nodes that are needed whatever is done, with the spare ones: no packing does with fewer */
            lower_bound: number;
            /** @description Nodes on which a packing was found that keeps to every rule, with the spare ones */
            packed: number;
            /** @description Nodes that can go: there is a packing without them */
            gives_back_least: number;
            /** @description No more can go than these */
            gives_back_most: number;
            /**
             * @description What decides the lower bound: a resource, `apart`: pods that share no node, `held`: pods that stay
             * @enum {string}
             */
            binding: "cpu" | "memory" | "pods" | "other_resource" | "apart" | "held";
            /** @description The nodes that the packing chose, without the spare ones */
            keeps: string[];
            /** @description What holds nodes besides room, some of it */
            held_by: components["schemas"]["HeldBy"][];
            /** @description How many pods do */
            held_by_count: number;
            /** @description Pods that found no node, some of them: with these nothing can go */
            unplaced: components["schemas"]["NotPlaced"][];
            /** @description How many there are */
            unplaced_count: number;
            /** @description What the nodes that can go cost a month, at least and at most; null where no price is set */
            money_month: number[] | null;
        };
        /** @description How many nodes could go, by group of like nodes. */
        Simulation: {
            /** @description The groups, those of which most can go first */
            groups: components["schemas"]["SimulatedGroup"][];
            /** @description Nodes that are in no group; their pods stay where they are */
            left_out: components["schemas"]["LeftOutNode"][];
            /**
             * @description Which requests were packed
             * @enum {string}
             */
            requests: "now" | "governed" | "advised";
            /** @description What stays free on each node, per cent */
            headroom_pct: number;
            /** @description Nodes of each group that stay beside those that are needed */
            spare_nodes: number;
            /** @description Pods that are on nodes */
            pods: number;
            /** @description Pods that have no node yet: they are in no group, and not counted */
            pending: number;
            /**
             * @description Pods that are packed as they ask, though `governed` was asked for: of other kinds than Deployments, of
             *     services that are not registered or not governed, or whose Deployment could not be decided on
             */
            ungoverned: number;
            /** @description Pods left out, as advice finds them too many */
            gone: number;
            /** @description Pods with volumes */
            claiming: number;
            /**
             * @description Whether it is known where those can be mounted: pods then stay where theirs can be, and a volume of a
             *     single node holds it. Otherwise they are taken for their zone's: the api may not list volumes
             *     (`nodes.control` or `findings.watch` of the chart lets it)
             */
            volumes_known: boolean;
            /** @description Of the money */
            currency: string;
            /** @description How long the packing took, milliseconds */
            ms: number;
        };
        /** @description Which requests are packed, and what is to stay free. */
        SimulationRequest: {
            /**
             * @description `now`: as pods ask; `governed`: as the control table would make them; `advised`: likewise, with the
             *     pods gone that advice finds too many
             * @enum {string}
             */
            requests?: "now" | "governed" | "advised";
            /** @description Share of each node's cpu and memory that stays free, per cent */
            headroom_pct?: number;
            /** @description Nodes of each group that stay beside those that are needed, for as many that may be lost */
            spare_nodes?: number;
            /** @description Only these groups; empty: all */
            groups?: string[];
        };
        /** @description Pods on hot nodes that may not move. */
        Staying: {
            /**
             * @description Why
             * @enum {string}
             */
            reason: "no_owner" | "daemon" | "opted_out" | "isolated" | "local_storage" | "budget" | "single" | "unmeasured";
            /** @description How many */
            pods: number;
        };
        /** @description A step that was done. */
        StepView: {
            /**
             * @description Which
             * @enum {string}
             */
            name: "asked" | "gone" | "let_go" | "replacement_ready" | "out_of_services" | "endpoints_gone" | "labels_back" | "jvm_found" | "answered" | "isolated" | "room_found" | "recording" | "written" | "measured" | "folder_found" | "fifo_made" | "keeping" | "kept" | "sent" | "file_removed" | "opened" | "shell_ended";
            /**
             * Format: date-time
             * @description When, UTC
             */
            at: string;
            /** @description So long after the action began */
            after_ms: number;
        };
        /** @description Which taints to add and to take away. */
        TaintsRequest: {
            /** @description The node's name, typed */
            confirm: string;
            /** @description That a node is meant which runs the cluster itself */
            control_plane?: boolean;
            /** @description To add; one of the same key and effect gets the value */
            add?: components["schemas"]["AskedTaint"][];
            /** @description To take away; one that is not there is none */
            remove?: components["schemas"]["GoneTaint"][];
        };
        /** @description What an operation would make of one service. */
        TargetPreview: {
            /** @description Kubernetes namespace */
            namespace: string;
            /** @description Name of the Deployment */
            name: string;
            /** @description Why it would be refused; null if it would not */
            refused: components["schemas"]["OperationNote"] | null;
            /**
             * @description The same in one word; empty if it would not
             * @enum {string}
             */
            reason: "" | "not_governed" | "missing" | "being_deleted" | "not_registered" | "no_count" | "paused" | "autoscaled" | "no_autoscaler" | "owned_autoscaler" | "several_autoscalers" | "changed_at_admission" | "forbidden" | "admission" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable" | "crash_loop" | "oom" | "image" | "no_progress" | "overtaken" | "left_as_it_is" | "cancelled" | "stopped" | "unforeseen" | "bad_count" | "twice" | "resize_unavailable" | "needs_restart";
            /** @description What deserves a thought before */
            warnings: components["schemas"]["OperationNote"][];
            /** @description Both in English */
            detail: string;
            /** @description Pods that it asks for now; null if it does not run */
            replicas_before: number | null;
            /** @description Pods that it would ask for */
            replicas_after: number | null;
            /** @description Its autoscaler's bounds now; null without one */
            bounds_before: components["schemas"]["AutoscalerBounds"] | null;
            /** @description Its autoscaler's bounds then */
            bounds_after: components["schemas"]["AutoscalerBounds"] | null;
            /** @description What one pod asks for now */
            pod_before: components["schemas"]["PodRequests"] | null;
            /** @description What one pod would ask for */
            pod_after: components["schemas"]["PodRequests"] | null;
            /** @description Every value that would change, as admission would apply it */
            changes: components["schemas"]["AdmissionChange"][];
            /** @description What admission would leave alone or set to another value than the control table's */
            notes: components["schemas"]["AdmissionNote"][];
            /** @description Of its new pods, those for which no node has room */
            unplaced: number;
        };
        /** @description A service whose state has changed. */
        TargetProgress: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The count that was asked for; null: the control table's, or none */
            replicas: number | null;
            /** @description The bounds that were asked for */
            autoscaler_bounds: components["schemas"]["AutoscalerBounds"] | null;
            /**
             * @description `pending`: not begun; `asking`: the cluster is being asked; `rolling_out`: it took the change, whose
             *     rollout is watched; `rolling_back`; `succeeded`; `failed`; `rolled_back`: the rollout failed, and the
             *     previous values were restored; `cancelled`: left out, or not watched to the end
             * @enum {string}
             */
            state: "pending" | "asking" | "rolling_out" | "rolling_back" | "succeeded" | "failed" | "rolled_back" | "cancelled";
            /**
             * @description Why it failed or was left as it is, in one word; empty where there is none
             * @enum {string}
             */
            reason: "" | "not_governed" | "missing" | "being_deleted" | "not_registered" | "no_count" | "paused" | "autoscaled" | "no_autoscaler" | "owned_autoscaler" | "several_autoscalers" | "changed_at_admission" | "forbidden" | "admission" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable" | "crash_loop" | "oom" | "image" | "no_progress" | "overtaken" | "left_as_it_is" | "cancelled" | "stopped" | "unforeseen" | "bad_count" | "twice" | "resize_unavailable" | "needs_restart";
            /** @description Why it failed, what was left as it was, what the rollout waits for */
            notes: components["schemas"]["OperationNote"][];
            /** @description The notes in English */
            detail: string;
            /** @description Pods that the Deployment asked for before; null while unknown */
            replicas_before: number | null;
            /** @description Pods that it asks for since; null while unknown */
            replicas_after: number | null;
            /** @description Whether its values before are known and differ, so that they can be brought back */
            can_roll_back: boolean;
            /** @description When it was begun, UTC */
            started_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
            /** @description Its place in the operation's list */
            index: number;
        };
        /** @description One service of an operation, and what became of it. */
        TargetResult: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description The count that was asked for; null: the control table's, or none */
            replicas: number | null;
            /** @description The bounds that were asked for */
            autoscaler_bounds: components["schemas"]["AutoscalerBounds"] | null;
            /**
             * @description `pending`: not begun; `asking`: the cluster is being asked; `rolling_out`: it took the change, whose
             *     rollout is watched; `rolling_back`; `succeeded`; `failed`; `rolled_back`: the rollout failed, and the
             *     previous values were restored; `cancelled`: left out, or not watched to the end
             * @enum {string}
             */
            state: "pending" | "asking" | "rolling_out" | "rolling_back" | "succeeded" | "failed" | "rolled_back" | "cancelled";
            /**
             * @description Why it failed or was left as it is, in one word; empty where there is none
             * @enum {string}
             */
            reason: "" | "not_governed" | "missing" | "being_deleted" | "not_registered" | "no_count" | "paused" | "autoscaled" | "no_autoscaler" | "owned_autoscaler" | "several_autoscalers" | "changed_at_admission" | "forbidden" | "admission" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable" | "crash_loop" | "oom" | "image" | "no_progress" | "overtaken" | "left_as_it_is" | "cancelled" | "stopped" | "unforeseen" | "bad_count" | "twice" | "resize_unavailable" | "needs_restart";
            /** @description Why it failed, what was left as it was, what the rollout waits for */
            notes: components["schemas"]["OperationNote"][];
            /** @description The notes in English */
            detail: string;
            /** @description Pods that the Deployment asked for before; null while unknown */
            replicas_before: number | null;
            /** @description Pods that it asks for since; null while unknown */
            replicas_after: number | null;
            /** @description Whether its values before are known and differ, so that they can be brought back */
            can_roll_back: boolean;
            /** @description When it was begun, UTC */
            started_at: string | null;
            /** @description When it ended, UTC */
            finished_at: string | null;
        };
        /** @description A text that the viewer gets. */
        TerminalNotice: {
            /**
             * @description `opened`: the shell runs; `ends_soon`: see `reason`; `ended`: the last message
             * @enum {string}
             */
            event: "opened" | "ends_soon" | "ended";
            /**
             * @description Why it ends, or will unless somebody types: `idle`, 10 minutes without a key; `time_limit`, an hour;
             *     when it has ended, whatever the action says. Empty: the shell ended by itself
             * @enum {string}
             */
            reason?: "" | "budget_allows_none" | "still_there" | "gone_already" | "no_replacement" | "endpoints_left" | "keeps_changing" | "no_container" | "no_jvm" | "several_jvms" | "not_attachable" | "not_enabled" | "too_large" | "cut" | "timeout" | "not_isolated" | "heap_unknown" | "no_jfr" | "no_tools" | "no_room" | "not_written" | "interrupted" | "changed" | "not_removed" | "not_kept" | "not_taken" | "time_over" | "discarded" | "left" | "idle" | "time_limit" | "session_over" | "not_opened" | "api_ended" | "no_shell" | "not_ended" | "forbidden" | "admission" | "missing" | "conflict" | "invalid" | "too_many_requests" | "cluster_failed" | "unreachable";
            /** @description The same in words, where the cluster said some */
            detail?: string;
            /** @description Of `ends_soon`: seconds that are left */
            in_s?: number | null;
            /** @description Of `ended`: that of the shell; null where it was ended */
            exit_code?: number | null;
        };
        /** @description What is known of a terminal. What was typed and shown in it is kept nowhere. */
        TerminalView: {
            /**
             * Format: date-time
             * @description When it was opened, UTC
             */
            opened_at: string;
            /** @description So many bytes were typed; 0 until it is over */
            bytes_in: number;
            /** @description So many bytes were shown; 0 until it is over */
            bytes_out: number;
            /** @description With which the shell ended; null: it was ended */
            exit_code: number | null;
        };
        /** @description Whether a test message arrived. */
        TestMessage: {
            /** @description True if every address took it */
            sent: boolean;
            /** @description In words */
            detail: string;
        };
        /** @description When something would run. */
        Times: {
            /** @description The next five times, or the one */
            items: components["schemas"]["RunTime"][];
        };
        /** @description A token, without its secret. */
        Token: {
            /** @description Identity of the token */
            id: string;
            /** @description What it is for */
            name: string;
            /** @description What it may do, and where */
            grant: components["schemas"]["GrantView"];
            /**
             * Format: date-time
             * @description When it was made, UTC
             */
            created_at: string;
            /** @description Who made it */
            created_by: string;
            /**
             * Format: date-time
             * @description When it expires, UTC
             */
            expires_at: string;
            /** @description It doesn't work any more, since who made it has no role left */
            stopped: boolean;
        };
        /** @description The tokens that are not revoked. */
        TokenList: {
            /** @description The tokens, the latest first */
            items: components["schemas"]["Token"][];
        };
        /** @description The peak of some services. */
        Totals: {
            /** @description Services that were seen */
            services: number;
            /** @description Their pods */
            pods: number;
            /** @description CPU, millicores */
            cpu_m: components["schemas"]["Amount"];
            /** @description Memory, MiB */
            mem_mib: components["schemas"]["Amount"];
        };
        /** @description What a service was asked on one day; null where unknown. */
        TrafficDay: {
            /**
             * Format: date
             * @description Local day on which the window began
             */
            date: string;
            /** @description Who counts: `istio`, `linkerd`, `micrometer`, `otel`, `grpc`, `dubbo` or `ingress` */
            source: string;
            /** @description P95 over the window of the requests a second of all pods */
            qps_p95: number | null;
            /** @description The most requests a second of all pods */
            qps_max: number | null;
            /** @description The largest of the pods' own P95s */
            qps_hot_pod: number | null;
            /** @description Requests in the window */
            requests: number | null;
            /** @description Of them, those that failed */
            errors: number | null;
            /** @description The same, per cent */
            error_pct: number | null;
            /** @description Half of the requests took at most so long, milliseconds */
            latency_p50_ms: number | null;
            /** @description 95 % of them did */
            latency_p95_ms: number | null;
            /** @description 99 % of them did */
            latency_p99_ms: number | null;
            /** @description Minutes of the window that are known, 0..1 */
            coverage: number | null;
        };
        /** @description Totals day by day; days that were not collected are missing, never zero. */
        Trend: {
            /** @description The days, oldest first */
            days: components["schemas"]["DayTotals"][];
        };
        /** @description What the cluster did not tell. */
        Unasked: {
            /** @description What was to be listed */
            resource: string;
            /** @description Why it was not, in words */
            detail: string;
        };
        /** @description Let a node take pods again. */
        UncordonRequest: Record<string, never>;
        /** @description Why figures are not known, or known badly; null where they are known. */
        Unknown: {
            /**
             * @description `not_collected`: no day of the env is; `no_source`: nobody counted any service's requests that day;
             *     `no_such_pod`: somebody did, and none of this one's; `low_coverage`: less than half of the window
             */
            traffic: ("not_collected" | "no_source" | "no_such_pod" | "low_coverage") | null;
            /** @description Likewise of its JVMs */
            jvm: ("not_collected" | "no_source" | "no_such_pod" | "low_coverage") | null;
            /**
             * @description `not_collected` likewise; `not_scored`: it was not seen that day, or the day is not scored yet;
             *     `little_known`: less than half of the score's weight
             */
            score: ("not_collected" | "not_scored" | "little_known") | null;
        };
        /** @description A value that nobody has set. */
        UnsetValue: {
            /** @description The container */
            container: string;
            /**
             * @description `cpu` or `memory`
             * @enum {string}
             */
            resource: "replicas" | "cpu" | "memory";
            /**
             * @description `request` or `limit`
             * @enum {string}
             */
            kind: "" | "request" | "limit";
        };
        /** @description A part that could not be read; the rest is there. */
        Untold: {
            /**
             * @description Which part
             * @enum {string}
             */
            part: "pods" | "replicasets" | "events" | "autoscaler" | "vertical" | "changes";
            /** @description Why, such as `may not list pods in namespace shop of the cluster prod` */
            reason: string;
        };
        /** @description How much advice there is of one verdict. */
        VerdictCount: {
            /**
             * @description The verdict
             * @enum {string}
             */
            verdict: "fewer" | "same" | "more" | "none" | "unknown";
            /** @description Services */
            services: number;
        };
        /** @description A governed service that a VerticalPodAutoscaler changes too: two masters of the same values. */
        VerticallyScaled: {
            /** @description Kubernetes namespace */
            namespace: string;
            /**
             * @description Kind of workload
             * @enum {string}
             */
            kind: "Deployment" | "StatefulSet" | "DaemonSet";
            /** @description Name of the workload */
            name: string;
            /** @description Name of the VerticalPodAutoscaler */
            autoscaler: string;
        };
        /** @description A way to a JVM that did not work. */
        WayView: {
            /**
             * @description `jcmd`: the JDK's own tool in the container; `toolbox`: a container with tools beside it; `signal`: a
             *     signal that has it write its threads to its log
             * @enum {string}
             */
            way: "jcmd" | "toolbox" | "signal";
            /**
             * @description Why not
             * @enum {string}
             */
            reason: "not_in_image" | "not_attached" | "off" | "refused" | "threads_only" | "not_written";
            /** @description What was said; empty for nothing */
            detail: string;
        };
        /** @description The certificate that the webhook shows. */
        WebhookCertificate: {
            /**
             * @description `soon`: it expires within 14 days; `expired`: the cluster can't ask the webhook any more; `unread`:
             *     the webhook shows none that can be read; `unknown`: it is not known from here where the webhook is
             * @enum {string}
             */
            state: "valid" | "soon" | "expired" | "unread" | "unknown";
            /** @description When it expires, UTC; null while not known */
            valid_until: string | null;
            /** @description Whole days until then, below zero once it has expired; null while not known */
            days_left: number | null;
            /** @description In words */
            detail: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listEnvs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getFleet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    findServices: {
        parameters: {
            query: {
                /** @description Words that namespace and name hold together */
                q: string;
                /** @description Most services to return */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetServices"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getSetup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvSetup"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getLeader: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Leader"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listServices: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Column to sort by; a leading `-` sorts downwards. Unknown values come last either way */
                sort?: "namespace" | "-namespace" | "name" | "-name" | "replicas" | "-replicas" | "pod_count" | "-pod_count" | "p95_cpu_m" | "-p95_cpu_m" | "p95_mem_mib" | "-p95_mem_mib" | "cpu_pct" | "-cpu_pct" | "mem_pct" | "-mem_pct" | "request_cpu_m" | "-request_cpu_m" | "request_mem_mib" | "-request_mem_mib" | "updated_at" | "-updated_at" | "qps" | "-qps" | "qps_per_pod" | "-qps_per_pod" | "latency" | "-latency" | "errors" | "-errors" | "heap" | "-heap" | "gc" | "-gc" | "score" | "-score";
                /** @description Part of the namespace's, the Deployment's or a container's name, in any case */
                q?: string;
                /** @description Only this namespace */
                namespace?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Service"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    registerService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description A service to register: the expert's values that it starts with. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewService"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedService"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description A change of the expert's row. A field left out stays; null clears it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceEdit"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedService"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeServices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Changes of many services. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Batch"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    importServices: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Services to import: a list, or CSV as `exportServices` gives it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Import"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkResult"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    exportServices: {
        parameters: {
            query?: {
                /** @description `csv`: a line per container; `json`: what `importServices` takes */
                format?: "csv" | "json";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/json": unknown[] | Record<string, never>;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getServiceHistory: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description Most versions to return */
                limit?: number;
                /** @description `next_cursor` of the part before */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["History"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    restoreService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description A version to bring back. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Restore"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedService"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listLabels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceLabels"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getOverview: {
        parameters: {
            query?: {
                /** @description Local day of the peak; without it the latest collected one */
                date?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getTrend: {
        parameters: {
            query?: {
                /** @description First local day; without it 90 days before the last */
                since?: string | null;
                /** @description Last local day; without it the latest collected one */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trend"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNamespaces: {
        parameters: {
            query?: {
                /** @description Local day of the peak; without it the latest collected one */
                date?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NamespaceTotalsList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNamespaceTrend: {
        parameters: {
            query?: {
                /** @description First local day; without it 90 days before the last */
                since?: string | null;
                /** @description Last local day; without it the latest collected one */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Kubernetes namespace */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trend"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getServiceTrend: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description First local day; without it 90 days before the last */
                since?: string | null;
                /** @description Last local day; without it the latest collected one */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceTrend"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listServiceLines: {
        parameters: {
            query?: {
                /** @description The last so many peak days that were collected */
                days?: number;
                /** @description Only this namespace */
                namespace?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceLines"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: {
                /** @description Language of the report */
                language?: "en" | "zh-CN";
                /** @description A page to print, or a PDF document */
                format?: "html" | "pdf";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                    "application/pdf": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getCapacity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capacity"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listPeaks: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Local day on which the window began; without it the latest collected one */
                date?: string | null;
                /** @description Column to sort by; a leading `-` sorts downwards. Unknown values come last either way */
                sort?: "namespace" | "-namespace" | "name" | "-name" | "container" | "-container" | "pod_count" | "-pod_count" | "p95_cpu_m" | "-p95_cpu_m" | "p95_cpu_hot_m" | "-p95_cpu_hot_m" | "p95_mem_mib" | "-p95_mem_mib" | "p95_mem_hot_mib" | "-p95_mem_hot_mib" | "max_mem_mib" | "-max_mem_mib" | "request_cpu_m" | "-request_cpu_m" | "limit_cpu_m" | "-limit_cpu_m" | "request_mem_mib" | "-request_mem_mib" | "limit_mem_mib" | "-limit_mem_mib" | "cpu_pct" | "-cpu_pct" | "mem_pct" | "-mem_pct" | "oom_kills" | "-oom_kills" | "throttled_pct" | "-throttled_pct" | "coverage" | "-coverage" | "collected_at" | "-collected_at";
                /** @description Part of the namespace's, the Deployment's or the container's name, in any case */
                q?: string;
                /** @description Only this namespace */
                namespace?: string | null;
                /** @description Only rows with this flag */
                flag?: ("hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem") | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeakList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    exportPeaks: {
        parameters: {
            query?: {
                /** @description Local day on which the window began; without it the latest collected one */
                date?: string | null;
                /** @description Column to sort by; a leading `-` sorts downwards. Unknown values come last either way */
                sort?: "namespace" | "-namespace" | "name" | "-name" | "container" | "-container" | "pod_count" | "-pod_count" | "p95_cpu_m" | "-p95_cpu_m" | "p95_cpu_hot_m" | "-p95_cpu_hot_m" | "p95_mem_mib" | "-p95_mem_mib" | "p95_mem_hot_mib" | "-p95_mem_hot_mib" | "max_mem_mib" | "-max_mem_mib" | "request_cpu_m" | "-request_cpu_m" | "limit_cpu_m" | "-limit_cpu_m" | "request_mem_mib" | "-request_mem_mib" | "limit_mem_mib" | "-limit_mem_mib" | "cpu_pct" | "-cpu_pct" | "mem_pct" | "-mem_pct" | "oom_kills" | "-oom_kills" | "throttled_pct" | "-throttled_pct" | "coverage" | "-coverage" | "collected_at" | "-collected_at";
                /** @description Part of the namespace's, the Deployment's or the container's name, in any case */
                q?: string;
                /** @description Only this namespace */
                namespace?: string | null;
                /** @description Only rows with this flag */
                flag?: ("hot_pod" | "low_coverage" | "near_limit_cpu" | "near_limit_mem" | "no_owner" | "oom_killed" | "over_requested_cpu" | "over_requested_mem" | "throttled" | "under_requested_cpu" | "under_requested_mem" | "unlimited_cpu" | "unlimited_mem") | null;
                /** @description `csv`: a line per container; `json`: the rows as `listPeaks` gives them */
                format?: "csv" | "json";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                    "application/json": unknown[] | Record<string, never>;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPodCurves: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description Begin, with its time zone */
                since?: string | null;
                /** @description End, with its time zone; at most 31 days later */
                until?: string | null;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodCurves"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    findPeakHours: {
        parameters: {
            query?: {
                /** @description How many days up to the latest collected one */
                days?: number;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeakHoursFound"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    showHeatMap: {
        parameters: {
            query?: {
                /** @description How many days up to the latest collected one */
                days?: number;
                /** @description Of this namespace; empty: of all */
                namespace?: string;
                /** @description Kind of the service */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description Of this service of the namespace; empty: of all */
                name?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeatMap"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    replayRules: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Which days, which rules beside the presets and the one that holds, and which exceptions all have. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayResult"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listScores: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Local day of the peak; without it the latest collected one */
                date?: string | null;
                /** @description Only this namespace */
                namespace?: string | null;
                /** @description What to sort by; a leading `-` sorts downwards. Unknown scores come last either way */
                sort?: "score" | "-score" | "namespace" | "-namespace" | "name" | "-name";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScoreList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getScore: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description Local day of the peak; without it the latest collected one */
                date?: string | null;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceScoreHistory"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAdvice: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only of this verdict */
                verdict?: ("fewer" | "same" | "more" | "none" | "unknown") | null;
                /** @description Only of this namespace */
                namespace?: string | null;
                /** @description Only what saves at least so much money a month; nothing where no price is known */
                min_month?: number | null;
                /**
                 * @description What to sort by, such as the money saved or the pods (`pods`); a leading `-` sorts downwards. Where no
                 *     price is known, by the cpu that is saved
                 */
                sort?: "money" | "-money" | "namespace" | "-namespace" | "name" | "-name" | "confidence" | "-confidence" | "replicas_now" | "-replicas_now" | "pods" | "-pods";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdviceList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAdvice: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Advice"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    acceptAdvice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Advice to accept, all of it or none, and how it takes effect. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accept"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptResult"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    dismissAdvice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Advice to dismiss. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Dismiss"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Dismissed"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    exportAdvice: {
        parameters: {
            query?: {
                /**
                 * @description `kubectl`: commands; `csv`: a line for each service; `yaml`: Deployments of nothing but the count, for
                 *     server-side apply
                 */
                format?: "kubectl" | "csv" | "yaml";
                /** @description Only of this verdict; commands and YAML are of `fewer` and `more` in any case */
                verdict?: ("fewer" | "same" | "more" | "none" | "unknown") | null;
                /** @description Only of this namespace */
                namespace?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/x-shellscript": string;
                    "text/csv": string;
                    "application/yaml": unknown[] | Record<string, never> | null;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAdviceStatistics: {
        parameters: {
            query?: {
                /** @description First local day; without it a year ago */
                since?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdviceStatistics"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAdviceOutcomes: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only of this state */
                state?: ("watched" | "held" | "regretted") | null;
                /** @description First local day; without it a year ago */
                since?: string | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedAdvicePage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    rollBackAdvice: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description An accepted advice to take back. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollBackItem"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    requestCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /**
         * @description Days to collect: the last `days` local days, or the `dates` themselves.
         *
         *         A day of which the store has clearly fewer samples than when it was collected keeps what it had, and
         *         fails; among `dates`, which somebody chose, it is replaced all the same.
         */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCollection"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionDetails"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the request or run */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionDetails"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getMode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvMode"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    setMode: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description The mode to switch to. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvMode"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    setNamespaceMode: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Kubernetes namespace */
                namespace: string;
            };
            cookie?: never;
        };
        /** @description The mode to switch to. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModeChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvMode"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    clearNamespaceMode: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Kubernetes namespace */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnvMode"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getLiveService: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveService"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Now"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    followNow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNowServices: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Words that namespace and name hold together */
                q?: string;
                /** @description Only of this namespace */
                namespace?: string | null;
                /** @description Only those with this trouble */
                trouble?: ("crash_loop" | "image" | "config" | "none_ready" | "pods_missing" | "pending" | "failing" | "mem_near_limit" | "restarts" | "errors" | "at_most" | "cpu_near_limit") | null;
                /** @description `worst`: those with which most is wrong first; unknown comes last in either direction */
                sort?: "worst" | "-worst" | "name" | "-name" | "namespace" | "-namespace" | "ready" | "-ready" | "cpu" | "-cpu" | "mem" | "-mem" | "restarts" | "-restarts" | "qps" | "-qps" | "p95" | "-p95" | "errors" | "-errors";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NowServices"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNowNamespaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NowNamespaces"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNowNodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NowNodes"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNowCurves: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NowCurves"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNodePlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodePlan"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    carryOutNodePlan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Carry out moves, with the name of the env typed. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["MovesRequest"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    simulateNodes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Which requests are packed, and what is to stay free. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SimulationRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    cordonNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        /** @description Why a node is to take no more pods. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CordonRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeState"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    uncordonNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        /** @description Let a node take pods again. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["UncordonRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeState"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    taintNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        /** @description Which taints to add and to take away. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaintsRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeState"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    previewDrain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        /** @description Say what a drain would do. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrainPreviewRequest"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DrainPreview"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    drainNode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the node */
                name: string;
            };
            cookie?: never;
        };
        /** @description Drain a node, with its name typed. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["DrainRequest"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNodeActions: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only drains of this node */
                node?: string;
                /** @description Only of this kind */
                kind?: ("drain" | "moves") | null;
                /** @description Only in this state */
                state?: ("pending" | "running" | "done" | "failed" | "cancelled") | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeActionList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getNodeAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    watchNodeAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    cancelNodeAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NodeActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    readPodLog: {
        parameters: {
            query?: {
                /** @description Name of the container; may be left out where there is only one */
                container?: string;
                /** @description That of the container before its last restart */
                previous?: boolean;
                /** @description Only so many of the last lines */
                tail?: number | null;
                /** @description Only what was written within so many seconds */
                since?: number | null;
                /** @description Go on with what is written from now on */
                follow?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the pod */
                pod: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listActionGroups: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActionGroups"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    previewPodAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description An action on one pod. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskedPodAction"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionPreview"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listPodActions: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only in this namespace */
                namespace?: string;
                /** @description Only on this pod */
                pod?: string;
                /** @description Only on pods of the service of this name */
                service?: string;
                /** @description Only on pods of services of this kind */
                service_kind?: ("Deployment" | "StatefulSet" | "DaemonSet") | null;
                /** @description Only of this kind */
                kind?: ("delete" | "isolate" | "threads" | "histogram" | "heap_info" | "native_memory" | "flags" | "heap_dump" | "jfr" | "terminal") | null;
                /** @description Only in this state */
                state?: ("pending" | "running" | "done" | "failed" | "undoing" | "undone" | "expiring" | "expired" | "sending" | "removing" | "removed" | "waiting" | "open" | "closing") | null;
                /** @description Only those whose pod is isolated now */
                isolated?: boolean;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    createPodAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description An action on one pod that is to be done. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPodAction"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPodAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    watchPodAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getPodActionFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/octet-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removePodActionFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    undoPodAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    openTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TerminalNotice"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is a WebSocket, and was not asked for as one. */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    renewTerminal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the action */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PodActionView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    receiveAlertmanager: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description The body of Alertmanager's webhook, version 4. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertmanagerMessage"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertsTaken"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    receiveCustomAlerts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Alerts of a script's own. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomAlerts"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertsTaken"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAlerts: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description On which they began, in the time zone of the cluster; without it: of any day */
                day?: string | null;
                /** @description `firing`: those that are open */
                state?: ("firing" | "resolved") | null;
                /** @description As the label says, in small letters */
                severity?: string;
                /** @description Of this namespace only */
                namespace?: string;
                /** @description Part of the name, the service, the pod, the node, a label or an annotation; in any case */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertGroups"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAlertOccurrences: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description On which they began, in the time zone of the cluster; without it: of any day */
                day?: string | null;
                /** @description `firing`: those that are open */
                state?: ("firing" | "resolved") | null;
                /** @description As the label says, in small letters */
                severity?: string;
                /** @description Of this namespace only */
                namespace?: string;
                /** @description Part of the name, the service, the pod, the node, a label or an annotation; in any case */
                q?: string;
                /** @description Of this name only */
                alertname?: string;
                /** @description Kind of the service */
                kind?: string;
                /** @description Name of the service */
                name?: string;
                /** @description Of this pod only */
                pod?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertPage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    acknowledgeAlerts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description Alerts that somebody takes care of. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acknowledgement"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Acknowledged"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listFindings: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description `open`: what is wrong now */
                state?: "open" | "closed" | "all";
                /** @description Only of this kind */
                kind?: ("crash_loop" | "oom" | "image" | "config" | "unschedulable" | "probe_failing" | "rollout_stuck" | "throttled" | "memory_near_limit" | "heap_full" | "gc_storm" | "hpa_capped" | "quota" | "node_not_ready" | "node_pressure" | "evicted" | "pvc_full" | "errors_up" | "latency_up" | "hot_pod" | "admission_refused" | "pods_refused") | null;
                /** @description Only about something in this namespace */
                namespace?: string | "";
                /** @description Only about something of this name */
                name?: string | "";
                /** @description Text in namespace, name or kind */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listServiceChanges: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description So many hours until now */
                hours?: number;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangeList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getFinding: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the finding */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FindingView"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description That happened on this day, in the time zone of the cluster */
                day?: string | null;
                /** @description Without `day`: that happened within so many times 24 hours until now */
                days?: number;
                /** @description `Warning`: something did not go as it should */
                type?: ("Normal" | "Warning") | null;
                /** @description Such as `BackOff`, exactly */
                reason?: string;
                /** @description Kind of what they are about, such as `Pod`, exactly */
                object_kind?: string;
                /** @description Only about something in this namespace */
                namespace?: string | "";
                /** @description Kind of the service that they are about */
                kind?: ("Deployment" | "StatefulSet" | "DaemonSet") | null;
                /** @description Name of that service */
                name?: string | "";
                /** @description Text in the message, the reason, or the names of object, service, node and component; in any case */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listServiceEventDays: {
        parameters: {
            query?: {
                /** @description Kind of workload */
                kind?: "Deployment" | "StatefulSet" | "DaemonSet";
                /** @description So many days until today */
                days?: number;
            };
            header?: never;
            path: {
                /** @description Kubernetes namespace */
                namespace: string;
                /** @description Name of the workload */
                name: string;
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventDays"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getDrift: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only this kind */
                state?: ("drifted" | "unregistered" | "missing") | null;
                /** @description Only this namespace */
                namespace?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Drift"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    checkMode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Column to sort by; a leading `-` sorts downwards. Without a next run they come last either way */
                sort?: "name" | "-name" | "next_run" | "-next_run" | "updated_at" | "-updated_at";
                /** @description Only of this kind */
                kind?: ("scale" | "restart") | null;
                /** @description Only in this state */
                state?: ("waiting" | "paused" | "finished") | null;
                /** @description Only those that name this namespace, in their services or their selector */
                namespace?: string;
                /** @description Only those that name this Deployment, or whose selector's name fits it */
                service?: string;
                /** @description Part of the schedule's name, of a service's, or of who changed it, in any case */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /**
         * @description What to do, with which services, and when.
         *
         *         Either `targets` or `selector`; either `once_at` or `cron`.
         */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        /**
         * @description What to do, with which services, and when.
         *
         *         Either `targets` or `selector`; either `once_at` or `cron`.
         */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    removeSchedule: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    enableSchedule: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduleRun"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listScheduleRuns: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only with this outcome */
                outcome?: ("starting" | "started" | "skipped" | "failed") | null;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the schedule */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    checkScheduleTimes: {
        parameters: {
            query: {
                /** @description Five fields */
                cron?: string | null;
                /** @description A date and time, as a schedule takes it */
                once_at?: string | null;
                /** @description Time zone */
                timezone: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Times"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    matchScheduleSelector: {
        parameters: {
            query?: {
                /** @description In one of these namespaces; none: in any that is governed */
                namespaces?: string[];
                /** @description A Kubernetes label selector on the Deployments: `tier=web,team in (a, b),!legacy` */
                labels?: string;
                /** @description The Deployment's whole name; `*` stands for anything, `?` for one character */
                name?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Matches"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getScheduleCalendar: {
        parameters: {
            query: {
                /** @description From this time on, with its offset */
                since: string;
                /** @description Before this time; at most 92 days later */
                until: string;
                /** @description Most times to return */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    previewAdmission: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description A manifest, or the name of a live Deployment. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Preview"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewResult"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    exportGoverned: {
        parameters: {
            query?: {
                /**
                 * @description `kustomize`: a component of patches; `helm`: values by service, as the subcharts of one chart take
                 *     them; `yaml`: Deployments of governed fields only, for server-side apply
                 */
                format?: "kustomize" | "helm" | "yaml";
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Kubernetes namespace */
                namespace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": unknown[] | Record<string, never> | null;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listOperations: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Column to sort by; a leading `-` sorts downwards. Among equals the latest comes first */
                sort?: "requested_at" | "-requested_at" | "kind" | "-kind" | "state" | "-state" | "requested_by" | "-requested_by";
                /** @description Only in this state */
                state?: ("pending" | "running" | "succeeded" | "failed" | "cancelled") | null;
                /** @description Only of this kind */
                kind?: ("scale" | "restart" | "resize") | null;
                /** @description Only with a service of this namespace */
                namespace?: string;
                /** @description Only with a service of this name */
                name?: string;
                /** @description Only what this user asked for */
                actor?: string;
                /** @description Only those that this schedule made */
                schedule_id?: string;
                /** @description Part of a service's name or of who asked for it, in any case */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    createOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description What to do, with which services, and how carefully. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperation"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    previewOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        /** @description What to do, with which services, and how carefully. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOperation"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationPreview"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the operation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    watchOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the operation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    cancelOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the operation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    rollbackOperation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the operation */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            202: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperationDetail"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAdmissions: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
                /** @description Only this namespace */
                namespace?: string;
                /** @description Only this Deployment */
                name?: string;
                /** @description Only this outcome */
                outcome?: ("allowed_unchanged" | "unchanged" | "patched" | "denied" | "would_patch" | "would_deny") | null;
                /** @description Part of a namespace's, a Deployment's or a user's name */
                q?: string;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AdmissionPage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    changeSetting: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the setting */
                key: "peak_hours" | "namespaces" | "namespaces_excluded" | "lookback_days" | "request_rule" | "own_peak_hours" | "margin_pct" | "hold_fall_pct" | "memory_rule" | "memory_margin_pct" | "rule_exceptions" | "hpa_requests" | "floor_cpu_m" | "floor_mem_mib" | "allow_scale_to_zero" | "price_core_month" | "price_gib_month" | "currency" | "owner_labels" | "label_columns" | "production_namespaces" | "notify_kinds" | "notify_to" | "weekly_report" | "event_rules" | "alertmanager_url" | "advice_rules" | "score_rules" | "ai_enabled" | "ai_share";
            };
            cookie?: never;
        };
        /** @description A new value. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettingChange"];
            };
        };
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    resetSetting: {
        parameters: {
            query?: never;
            header: {
                /** @description The `version` that the change is based on, in double quotes or plain */
                "If-Match": string;
            };
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Name of the setting */
                key: "peak_hours" | "namespaces" | "namespaces_excluded" | "lookback_days" | "request_rule" | "own_peak_hours" | "margin_pct" | "hold_fall_pct" | "memory_rule" | "memory_margin_pct" | "rule_exceptions" | "hpa_requests" | "floor_cpu_m" | "floor_mem_mib" | "allow_scale_to_zero" | "price_core_month" | "price_gib_month" | "currency" | "owner_labels" | "label_columns" | "production_namespaces" | "notify_kinds" | "notify_to" | "weekly_report" | "event_rules" | "alertmanager_url" | "advice_rules" | "score_rules" | "ai_enabled" | "ai_share";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    /** @description The version, for If-Match */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Setting"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Somebody else was faster: `current` holds what stands now. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description If-Match is missing. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description Most rows to return */
                limit?: number;
                /** @description `next_cursor` of the part before */
                cursor?: string;
                /** @description Only what this user did */
                actor?: string;
                /** @description Only this action, such as `changeService` */
                action?: string;
                /** @description Only this env */
                env?: string;
                /** @description Only this namespace */
                namespace?: string;
                /** @description Only this Deployment */
                name?: string;
                /** @description Text in any column */
                q?: string;
                /** @description Not before this time, with its zone */
                since?: string | null;
                /** @description Before this time, with its zone */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    exportAudit: {
        parameters: {
            query?: {
                /** @description Most rows to return */
                limit?: number;
                /** @description `next_cursor` of the part before */
                cursor?: string;
                /** @description Only what this user did */
                actor?: string;
                /** @description Only this action, such as `changeService` */
                action?: string;
                /** @description Only this env */
                env?: string;
                /** @description Only this namespace */
                namespace?: string;
                /** @description Only this Deployment */
                name?: string;
                /** @description Text in any column */
                q?: string;
                /** @description Not before this time, with its zone */
                since?: string | null;
                /** @description Before this time, with its zone */
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    verifyAudit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditVerdict"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    makeToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description A token to make. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Done */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeToken"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Identity of the token */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listLeftBehind: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeftBehindList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Notifications"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    sendTestMessage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestMessage"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    askModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description What the model is asked */
                task: "explain_score" | "review_advice" | "narrate_finding";
            };
            cookie?: never;
        };
        /** @description A question about a service. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewAiCall"];
            };
        };
        responses: {
            /** @description Done */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiCall"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description It is there already, or its state doesn't allow it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The body is not of a type that is taken. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Too much of this is being worked on: try again after `Retry-After` seconds. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    listAiCalls: {
        parameters: {
            query?: {
                /** @description Most items to return */
                limit?: number;
                /** @description Items to leave out first */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiCallList"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAiCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the question */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiCall"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    watchAiCall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of the cluster */
                env: string;
                /** @description Identity of the question */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description The cluster refused what is needed: `detail` has its words. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
    getAiStatus: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiStatus"];
                };
            };
            /** @description The request is invalid: `errors` names each field and why. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description No valid token: sign in. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description Your role doesn't allow it, or the request came from another site. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description There is no such thing. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
            /** @description A part that is needed can't be reached: try again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemDocument"];
                };
            };
        };
    };
}
