"""Tables that people bring as files, read row by row in steady memory, whatever the file says."""
