// Package web serves qianyi over HTTP: the JSON API under /api/v1 with its
// OpenAPI documents, health, readiness and metrics, and whatever console it is
// given for all other paths.
//
// Handlers are thin: they turn requests into calls of the domain service and
// its errors into problem details. The package knows neither SQL nor the search
// engine; the interfaces it needs are in deps.go.
package web
