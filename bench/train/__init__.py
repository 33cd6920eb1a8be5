"""Small models trained on the made world, and the scripts that train them."""
