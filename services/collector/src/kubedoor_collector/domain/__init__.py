"""What the numbers mean: query texts, owners, figures of a day, derived values. No I/O."""
