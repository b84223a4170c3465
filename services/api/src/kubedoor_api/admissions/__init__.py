"""What admission decided."""
