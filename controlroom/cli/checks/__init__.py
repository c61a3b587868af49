"""What `controlroom doctor` looks at. Each check gives findings and changes nothing that outlives it."""
