"""A model that explains and reviews: one question, one bounded answer, of which nothing is carried out."""
