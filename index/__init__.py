"""Ground floor: the nouns of the house, and what keeps them."""
