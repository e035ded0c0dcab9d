"""Proves Dockerfile and compose.yaml without a container engine, in a clean Debian made by debootstrap."""
