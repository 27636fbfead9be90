"""What runs on the operator's machine: it reads score/ as files and never imports it."""
