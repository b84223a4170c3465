"""`kubedoor scan`: what a cluster asks for beside what it uses at its peak, from Prometheus alone."""
