package main

import "flag"

var update = flag.Bool("update", false, "renew the golden files and scripts")
