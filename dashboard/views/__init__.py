"""One file per page: `render(...)` draws what the desk answers."""
