"""Programs of this machine in the place of containers, and `exec` into them as kubelets serve it."""
