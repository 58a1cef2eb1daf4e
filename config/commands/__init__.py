"""The commands of `kiemtin`, a module for each concern."""
