//go:build tools

// Package tools names what is built here, so that `go mod tidy` keeps its requirements.
package tools

import _ "github.com/minio/minio"
