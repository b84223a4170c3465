"""What a store's metrics tell of a cluster: whose they are, under which labels, how requests are counted."""
