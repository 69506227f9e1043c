"""What is measured: for each workload a file, and in it what is sent and what must come back."""
