"""What the room knows about its cameras: which are dark or flap, what hangs together, who repairs them."""
