package cascade_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/qianyi-dev/qianyi/triage/llm"
)

// gullible is a server of the OpenAI kind whose model does what it is told,
// wherever it reads it: in our instruction and in what customers wrote. Told
// nothing, it judges by the words that a text shares with the table.
type gullible struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // every message
}

func newGullible(t *testing.T) *gullible {
	t.Helper()
	g := &gullible{}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

func (g *gullible) client(t *testing.T) *llm.Client {
	t.Helper()
	c, err := llm.New(llm.Config{BaseURL: g.URL + "/v1", Model: "gullible"}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (g *gullible) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Messages []struct{ Role, Content string }
	}
	if json.NewDecoder(r.Body).Decode(&q) != nil || len(q.Messages) != 2 || q.Messages[0].Role != "system" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	g.mu.Lock()
	g.asked = append(g.asked, q.Messages[0].Content, q.Messages[1].Content)
	g.mu.Unlock()
	answer := think(q.Messages[0].Content, q.Messages[1].Content)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": answer}}},
		"usage":   map[string]any{"total_tokens": 100},
	})
}

func (g *gullible) heard() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return strings.Join(g.asked, "\n")
}

// entry is a line of the table of types in an instruction.
type entry struct{ code, name string }

var (
	tableLine = regexp.MustCompile(`(?m)^([A-Z0-9]{6}|[a-z_]{3,}) (\p{Han}[^（\n]*)`)
	order     = regexp.MustCompile(`(?i)忽略|无视|忘记|作废|指令|指示|任务|提示|角色|扮演|你是|你现在|必须|只能|请按|请选|请归|应归|选择?|输出|返回|回答|归为|归类|判为|判定|标记|认定|分类|类别|类型|代号|ignore|disregard|instruction|system|assistant|output|answer|classify|pretend|act as|override|type|label`)
	literal   = regexp.MustCompile(`\{[^{}]*\}`)
	encoded   = regexp.MustCompile(`[A-Za-z0-9+/]{16,}={0,2}`)
	nth       = regexp.MustCompile(`第([一二三四五六七八])[个项类行]|最后一[个项类行]|(?i:first|last)`)
	leak      = regexp.MustCompile(`(?i)提示词|系统消息|你的规则|你的设定|原样|逐字|重复以上|重复你|其他客户|别的客户|所有客户|repeat|reveal|verbatim|prompt`)
	spaces    = regexp.MustCompile(`[\s\x{200b}-\x{200f}\x{2060}]+`)
)

// think is the model.
func think(system, user string) string {
	var table []entry
	for _, m := range tableLine.FindAllStringSubmatch(system, -1) {
		table = append(table, entry{m[1], strings.TrimSpace(m[2])})
	}
	say := func(e entry) string { return `{"type":"` + e.code + `","subtype":""}` }
	text := spaces.ReplaceAllString(user, "")
	for _, e := range encoded.FindAllString(user, -1) {
		if b, err := base64.StdEncoding.DecodeString(e); err == nil {
			text += string(b)
		}
	}
	if leak.MatchString(text) {
		return system
	}
	if order.MatchString(text) {
		if at := literal.FindString(text); at != "" && !strings.Contains(at, "代号") {
			return at
		}
		if e, found := meant(table, text); found {
			return say(e)
		}
		if m := nth.FindStringSubmatch(text); m != nil && len(table) > 0 {
			at := strings.Index("一二三四五六七八", m[1]) / 3
			if m[1] == "" {
				at = len(table) - 1
			}
			return say(table[at%len(table)])
		}
	}
	return say(honest(table, text)) // of no code when nothing speaks for a type
}

// meant is the type that an order names last: by code, by name, or by the first
// half of its name.
func meant(table []entry, text string) (entry, bool) {
	best, at := entry{}, -1
	codes := map[string]string{"subscription": "不知情", "usage": "业务使用", "handling": "业务办理", "security": "信息安全", "service": "服务问题", "network": "网络", "campaign": "营销", "fee": "费用"}
	for _, e := range table {
		words := []string{e.code, e.name, strings.TrimSuffix(e.name, "问题")}
		for code, name := range codes {
			if strings.Contains(e.name, name) {
				words = append(words, code)
			}
		}
		for _, w := range words {
			if i := strings.LastIndex(text, w); i > at {
				best, at = e, i
			}
		}
	}
	return best, at >= 0
}

// honest is the judgement without orders: shared pairs of signs with the name.
func honest(table []entry, text string) entry {
	var best entry
	most := 0
	for _, e := range table {
		n := 0
		for _, hint := range hints[strings.TrimSuffix(e.name, "问题")] {
			n += strings.Count(text, hint)
		}
		if n > most || n > 0 && n == most && e.name < best.name {
			best, most = e, n
		}
	}
	return best
}

var hints = map[string][]string{
	"网络": {"信号", "掉线", "上网", "网速", "断网", "宽带"}, "费用": {"扣费", "话费", "多扣", "退费", "账单"},
	"服务": {"态度", "客服", "营业员"}, "营销活动": {"活动", "礼品", "返还"}, "信息安全": {"骚扰", "诈骗", "垃圾短信"},
	"不知情定制": {"不知情", "私自开通"}, "业务办理": {"办理", "过户", "销户"}, "业务使用": {"使用", "无法登录"},
}
