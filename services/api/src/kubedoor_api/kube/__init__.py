"""The boundary to the clusters: kubernetes-asyncio in, our own errors out."""
