"""Pages and forms of the desk."""
