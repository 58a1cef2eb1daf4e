"""How the casebook's tables came to be, one revision a change; run by `Casebook.open`."""
