"""Questions in and out: Markdown as it is written, and the formats of other programs."""
