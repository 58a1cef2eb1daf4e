"""The screen: shows the desk, decides nothing."""
