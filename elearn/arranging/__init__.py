"""The files of a draft in their order: added, named, moved, deleted; links follow."""
