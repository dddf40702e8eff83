"""Pictures, tables and folders from results: the only room that draws."""
