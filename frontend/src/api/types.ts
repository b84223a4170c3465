// Short names for what the API's document calls its schemas.
import type { components } from './schema'

type Schemas = components['schemas']

export type Env = Schemas['Env']
export type EnvMode = Schemas['EnvMode']
export type Mode = EnvMode['mode']
export type Service = Schemas['Service']
export type Container = Schemas['Container']
export type Collection = Schemas['Collection']
export type Setting = Schemas['Setting']
export type AuditRow = Schemas['AuditRow']
export type ContainerDay = Schemas['ContainerDay']
export type Revision = Schemas['Revision']
export type Admission = Schemas['Admission']
export type DriftItem = Schemas['DriftItem']
export type AdmissionOutcome = Schemas['PreviewResult']['result']
export type DayTotals = Schemas['DayTotals']
export type ServiceEdit = Schemas['ServiceEdit']
export type ContainerEdit = NonNullable<ServiceEdit['containers']>[number]
export type BulkItem = Schemas['BulkItem']
export type ExpertService = Schemas['ExpertService']
