"""The whole of a branch in one page and on one sheet of paper."""
