package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

const apiDescription = `Triage of Chinese customer complaints.

Errors are problem details (RFC 9457) with a stable ` + "`code`" + `. Every POST takes an Idempotency-Key.
Times are RFC 3339, or local times such as 2026-03-01T08:00:00 or 2019/2/28 11:25:05 in the zone of the server.
Telephone and identity numbers, e-mail addresses and house numbers in texts are masked with stars of the same length.`

// mountAPI puts the operations behind guarded and their OpenAPI documents,
// which hold nothing secret, on open.
func (s *Server) mountAPI(engine *gin.Engine, open, guarded *gin.RouterGroup) error {
	api := humagin.NewWithGroup(engine, guarded, s.apiConfig())
	s.complaintRoutes(api)
	s.caseRoutes(api)
	s.listRoutes(api)
	s.jobRoutes(api)
	s.lifeRoutes(api)
	s.peopleRoutes(api)
	if s.d.Solutions != nil {
		s.solutionRoutes(api)
	}
	if s.d.Replies != nil {
		s.replyRoutes(api)
	}
	s.learningRoutes(api)
	s.rightsRoutes(api)
	s.figuresRoutes(api)
	s.qualityRoutes(api)
	s.marketingRoutes(api)
	s.counterRoutes(api)
	s.launchRoutes(api)
	s.staffRoutes(api)
	s.reportRoutes(api)
	if s.d.Campaigns != nil {
		s.campaignRoutes(api)
	}
	if s.d.Persons != nil {
		s.personRoutes(api)
	}
	if s.d.Clusters != nil {
		s.clusterRoutes(api)
	}
	if s.d.Plans != nil {
		s.planRoutes(api)
	}
	if s.d.Rules != nil {
		s.ruleRoutes(api)
	}

	latest, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return fmt.Errorf("web: OpenAPI document: %w", err)
	}
	older, err := api.OpenAPI().Downgrade()
	if err != nil {
		return fmt.Errorf("web: OpenAPI 3.0 document: %w", err)
	}
	serve := func(document []byte) gin.HandlerFunc {
		return func(c *gin.Context) { c.Data(http.StatusOK, "application/json", document) }
	}
	open.GET("/openapi.json", serve(latest))
	open.GET("/openapi-3.0.json", serve(older))
	return nil
}

func (s *Server) apiConfig() huma.Config {
	config := huma.DefaultConfig("qianyi", s.d.Version)
	config.Info.Description = apiDescription
	config.Servers = []*huma.Server{{URL: apiRoot}}
	// The documents are made once, above; huma would make them at the first
	// request, unprotected against a second one at the same time.
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil // no $schema links in answers
	config.RejectUnknownQueryParameters = true
	config.AllowAdditionalPropertiesByDefault = true // answers may grow fields
	config.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	config.Transformers = []huma.Transformer{s.complete}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.Schemas.RegisterTypeAlias(reflect.TypeFor[huma.ErrorModel](), reflect.TypeFor[problem]())
	if len(s.d.Tokens) > 0 || s.d.Keys != nil {
		config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer"}}
		config.Security = []map[string][]string{{"token": {}}}
	}
	return config
}

// schemaName names a type of a package below triage after its package, too: two
// packages may have a Report.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if parent, pkg := path.Split(t.PkgPath()); path.Base(parent) == "triage" {
		return strings.ToUpper(pkg[:1]) + pkg[1:] + name
	}
	return name
}

// jsonFormat writes an answer in one piece or not at all.
var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(v); err != nil {
			// huma would answer 200 with half a sentence; recoverPanic answers
			// with a problem, as nothing has been sent yet.
			panic(fmt.Errorf("web: encode answer: %w", err))
		}
		_, err := w.Write(b.Bytes())
		return err
	},
	Unmarshal: json.Unmarshal,
}

// register adds an operation for clients with a permission, whose errors are
// explained as problems.
func register[I, O any](s *Server, api huma.API, needs access.Permission, op huma.Operation, do func(context.Context, *I) (*O, error)) {
	op.Extensions = map[string]any{"x-permission": string(needs)}
	op.MaxBodyBytes = -1 // readBody has the limit
	op.BodyReadTimeout = readTimeout
	place := "query"
	if op.Method == http.MethodPost {
		place = "body"
		limit := maxKeyLength
		op.Parameters = append(op.Parameters, &huma.Param{
			Name: keyHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &limit},
			Description: "Makes the request happen once: a repetition with the same key and content gets the stored answer.",
		})
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{
		Description: "Problem details (RFC 9457)",
		Content:     map[string]*huma.MediaType{problemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}},
	}
	// Before the input is read: who may not do something learns nothing about it.
	op.Middlewares = append(op.Middlewares, func(ctx huma.Context, next func(huma.Context)) {
		if requestOf(ctx.Context()).may(needs) {
			next(ctx)
			return
		}
		_ = huma.WriteErr(api, ctx, http.StatusForbidden, "this client may not do that: it lacks the permission "+string(needs)) // the client may have gone
	})
	huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err == nil {
			return out, nil
		}
		s.logFailure(ctx, err)
		return nil, problemOf(err, place)
	})
}

// logFailure logs the cause of what the client only sees as our fault.
func (s *Server) logFailure(ctx context.Context, err error) {
	code := triage.CodeOf(err)
	if ctx.Err() == nil && (code == triage.CodeInternal || code == triage.CodeUnavailable) {
		s.d.Log.ErrorContext(ctx, "request failed", "request_id", requestOf(ctx).id, "err", err)
	}
}

// complete finishes problems before they are written and replaces huma's own
// errors, which repeat the input, by ours, which quote a field at most, masked.
func (s *Server) complete(ctx huma.Context, _ string, v any) (any, error) {
	p, ours := v.(*problem)
	if e, theirs := v.(*huma.ErrorModel); theirs {
		p, ours = explain(e), true
	}
	if !ours {
		return v, nil
	}
	p.RequestID = requestOf(ctx.Context()).id
	p.Detail = s.d.Mask(p.Detail)
	for i, e := range p.Errors {
		p.Errors[i].Message = s.d.Mask(e.Message)
	}
	return p, nil
}

// explain turns an error of huma into a problem of the same status.
func explain(e *huma.ErrorModel) *problem {
	code := triage.CodeInternal
	for c, kind := range problemKinds {
		if kind.status == e.Status {
			code = c
		}
	}
	if code == triage.CodeInternal {
		return newProblem(code, internalDetail)
	}
	p := newProblem(code, e.Detail)
	var first string
	for _, d := range e.Errors {
		if d == nil {
			continue
		}
		if first == "" {
			first = strings.TrimPrefix(d.Location, "body.") + ": " + d.Message
		}
		p.at(d.Location, d.Message)
	}
	if first != "" {
		p.Detail = clip(first, maxMessageRunes)
	}
	return p
}
