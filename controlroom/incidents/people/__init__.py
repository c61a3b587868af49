"""People whom the room watches over: lone workers (BS 8484) and guards (BS 7499), alike in all but words."""
