"""What services are asked: requests per second, errors, latency, as meshes and libraries count them."""
