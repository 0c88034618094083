package channel_test

import (
	"maps"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/qianyi-dev/qianyi/prevention"
	"github.com/qianyi-dev/qianyi/prevention/channel"
)

func TestGatewayConfigIsChecked(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*channel.GatewayConfig)
		field  string
	}{
		"address":                   {func(c *channel.GatewayConfig) { c.Address = "fax" }, "address"},
		"method":                    {func(c *channel.GatewayConfig) { c.Request.Method = "DELETE" }, "request.method"},
		"no URL":                    {func(c *channel.GatewayConfig) { c.Request.URL = "" }, "request.url"},
		"scheme":                    {func(c *channel.GatewayConfig) { c.Request.URL = "file:///etc/passwd" }, "request.url"},
		"user in the URL":           {func(c *channel.GatewayConfig) { c.Request.URL = "https://a:b@example.com" }, "request.url"},
		"inside":                    {func(c *channel.GatewayConfig) { c.Request.URL = "http://10.0.0.1/" }, "request.url"},
		"host from the message":     {func(c *channel.GatewayConfig) { c.Request.URL = "https://{{.To}}/send" }, "request.url"},
		"query without escaping":    {func(c *channel.GatewayConfig) { c.Request.URL = "https://example.com/?to={{.To}}" }, "request.url"},
		"template":                  {func(c *channel.GatewayConfig) { c.Request.Body = "{{.To" }, "request.body"},
		"unknown variable":          {func(c *channel.GatewayConfig) { c.Request.Body = "{{.Phone}}" }, "request.body"},
		"unknown secret":            {func(c *channel.GatewayConfig) { c.Request.Body = `{{secret "other"}}` }, "request.body"},
		"JSON without escaping":     {func(c *channel.GatewayConfig) { c.Request.Body = `{"text":"{{.Text}}"}` }, "request.body"},
		"variable without escaping": {func(c *channel.GatewayConfig) { c.Request.Body = `{"text":"{{.Vars.name}}"}` }, "request.body"},
		"no JSON":                   {func(c *channel.GatewayConfig) { c.Request.Body = `{` }, "request.body"},
		"form without escaping": {func(c *channel.GatewayConfig) {
			c.Request.Headers["Content-Type"] = "application/x-www-form-urlencoded"
			c.Request.Body = "text={{.Text}}"
		}, "request.body"},
		"no content type":    {func(c *channel.GatewayConfig) { delete(c.Request.Headers, "Content-Type") }, "request.headers"},
		"key nowhere":        {func(c *channel.GatewayConfig) { c.Idempotent = true }, "idempotent"},
		"codes without path": {func(c *channel.GatewayConfig) { c.Answer.Success = []string{"0"} }, "answer.code"},
		"path without codes": {func(c *channel.GatewayConfig) { c.Answer.Code = "code" }, "answer.success"},
		"timeout":            {func(c *channel.GatewayConfig) { c.Timeout = -1 }, "timeout"},
		"signature secret":   {func(c *channel.GatewayConfig) { c.Request.Sign = &channel.SignConfig{Header: "X"} }, "request.sign.secret"},
		"signature place":    {func(c *channel.GatewayConfig) { c.Request.Sign = &channel.SignConfig{Secret: "x"} }, "request.sign.header"},
		"signature encoding": {func(c *channel.GatewayConfig) {
			c.Request.Sign = &channel.SignConfig{Secret: "x", Query: "s", Encoding: "rot13"}
		}, "request.sign.encoding"},
		"lookup state":   {func(c *channel.GatewayConfig) { c.Lookup = &channel.LookupConfig{} }, "lookup.state"},
		"receipts name":  {func(c *channel.GatewayConfig) { c.Receipts = &channel.ReceiptConfig{} }, "receipts.key"},
		"receipts state": {func(c *channel.GatewayConfig) { c.Receipts = &channel.ReceiptConfig{Key: "k"} }, "receipts.state"},
		"replies":        {func(c *channel.GatewayConfig) { c.Replies = &channel.ReplyConfig{Text: "t"} }, "replies.from"},
		"zone": {func(c *channel.GatewayConfig) {
			c.Replies = &channel.ReplyConfig{From: "f", Text: "t", CallbackConfig: channel.CallbackConfig{Zone: "Asia/Nowhere"}}
		}, "replies.zone"},
		"callback signature": {func(c *channel.GatewayConfig) {
			sign := &channel.SignConfig{Secret: "s", Header: "X", Over: "{{.Path}}"}
			c.Replies = &channel.ReplyConfig{From: "f", Text: "t", CallbackConfig: channel.CallbackConfig{Sign: sign}}
		}, "replies.sign.over"},
	}
	good := channel.GatewayConfig{Request: channel.RequestConfig{
		URL: "https://example.com/send", Headers: map[string]string{"Content-Type": "application/json"}, Body: `{"text":{{json .Text}}}`,
	}}
	if _, err := channel.NewGateway(good, newClock().Now); err != nil {
		t.Fatalf("the configuration that the mistakes are made in: %v", err)
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := good
			c.Request.Headers = maps.Clone(good.Request.Headers)
			tt.change(&c)
			_, err := channel.NewGateway(c, newClock().Now)
			wantField(t, err, tt.field)
		})
	}
}

// The file of a company: one channel of each kind.
const example = `
- name: sms
  gateway:
    secrets: {app: a1}
    request:
      url: https://sms.example.com/v2?app={{secret "app" | urlquery}}&t={{.Time.Unix}}
      headers: {Content-Type: application/x-www-form-urlencoded}
      body: to={{urlquery .To}}&code=SMS_1&param={{json .Vars | urlquery}}&id={{urlquery .Key}}
      sign: {secret: s, over: "{{.Path}}?{{.Query}}\n{{.Body}}", encoding: base64, query: sign}
    idempotent: true
    answer: {code: Response.0.Code, success: [Ok], retry: ["-1"], reference: Response.0.Id}
    receipts: {format: form, reference: sid, state: status, delivered: ["0"], failed: ["1"], at: time, time_layout: "2006-01-02 15:04:05"}
    timeout: 5s
- name: mail
  smtp: {host: mail.example.com, user: u, password: p, from: 客户服务 <service@example.com>}
- name: team
  robot: {kind: dingtalk, url: "https://oapi.dingtalk.com/robot/send?access_token=x", secret: SECx}
- name: callers
  file: {path: %s, format: csv, address: phone}
`

func TestConfigurationIsReadStrictly(t *testing.T) {
	t.Parallel()
	var configs []channel.Config
	path := t.TempDir() + "/callers.csv"
	if err := yaml.UnmarshalWithOptions([]byte(withPath(example, path)), &configs, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	set, err := channel.Open(configs, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	closing(t, set)
	want := []prevention.Channel{
		{Name: "sms", Address: prevention.AddressPhone, Idempotent: true},
		{Name: "mail", Address: prevention.AddressEmail},
		{Name: "team"},
		{Name: "callers", Address: prevention.AddressPhone, Idempotent: true},
	}
	for i, c := range set.All() {
		c.Sender = nil
		if c != want[i] {
			t.Errorf("channel %d is %+v, want %+v", i, c, want[i])
		}
	}
	if _, ok := set.Gateway("sms"); !ok {
		t.Error("the gateway is not found by its name")
	}
	if _, ok := set.Gateway("mail"); ok {
		t.Error("the mail server is found as a gateway")
	}
}
