"""The tests. A regular package, because an installed library also brings a package of this name."""
