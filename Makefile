# make help lists the targets. None is needed to build or to test: go build and
# go test ./... do that.

SHELL := /bin/bash
BIN := bin/qianyi
LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

.DEFAULT_GOAL := help
.PHONY: help check test race lint build model bench demo screenshots cover

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

check: ## Do everything that CI does (on Debian, as root)
	./.ci/run

test: ## Run all tests
	go test ./...

race: ## Run all tests with the race detector, in random order
	go test -race -short -shuffle=on ./...

lint: ## Run the linters
	go run $(LINT) run ./...

build: ## Build the static program bin/qianyi
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $(BIN) ./cmd/qianyi

model: ## Train the shipped models again (maintainers; needs ../shared/data)
	go run ./internal/modelbuild

bench: build ## Measure the figures of docs/performance.md (needs ../shared/data)
	go run ./bench/load -bin $(BIN)
	go run ./bench/quality

demo: ## Serve a simulated company at http://localhost:8080
	go run ./cmd/qianyi serve --demo

screenshots: ## Take pictures of every page of the console into bin/screenshots (needs Chromium)
	mkdir -p bin/screenshots
	QIANYI_SCREENSHOTS=$(CURDIR)/bin/screenshots go test -count=1 -run Browser ./web/console

cover: ## Show the coverage of the tests by package
	mkdir -p bin
	go test -coverprofile=bin/cover.out ./...
	go tool cover -func=bin/cover.out | tail -1
