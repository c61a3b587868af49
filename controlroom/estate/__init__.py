"""What Leedswatch looks after: areas, places that can speak, crews. Reference data, frozen after load."""
