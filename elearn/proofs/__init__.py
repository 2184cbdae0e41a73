"""What can be shown to others: verification, published roots, proof files of completions."""
