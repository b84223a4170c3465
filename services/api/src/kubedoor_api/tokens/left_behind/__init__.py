"""What people who have no role any more left behind."""
