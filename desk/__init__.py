"""What people do with signs, without a screen; `desk.desk` has all of it together."""
