"""How right the labels are that packs give to films of the made world."""
