package channeltest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/qianyi-dev/qianyi/prevention/channel"
)

// RobotFault is a way in which a robot's service fails one message.
type RobotFault int

// The faults of a robot's service.
const (
	RobotFine       RobotFault = iota
	RobotAcceptHang            // takes the message, never answers
	RobotNonsense              // answers something unreadable
	RobotBroken                // 502
	RobotRefused               // a code that no repetition changes
)

// RobotOptions describe a robot.
type RobotOptions struct {
	Kind channel.RobotKind
	// Secret makes the robot check signatures; "" does not.
	Secret string
	// PerMinute is the limit of messages; 0 means 20.
	PerMinute int
	Now       func() time.Time
}

// Robot is the service of one chat's robot. It is safe for concurrent use.
type Robot struct {
	Inbox
	faults[RobotFault]
	*webServer

	options RobotOptions

	mu   sync.Mutex
	sent []time.Time
}

// token stands in the address of the robot, as the services have it.
const token = "token-of-the-chat"

// NewRobot starts a robot on a free port of 127.0.0.1; Close stops it.
func NewRobot(options RobotOptions) (*Robot, error) {
	if options.PerMinute == 0 {
		options.PerMinute = 20
	}
	r := &Robot{options: options}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /cgi-bin/webhook/send", r.serve)         // WeCom
	mux.HandleFunc("POST /robot/send", r.serve)                   // DingTalk
	mux.HandleFunc("POST /open-apis/bot/v2/hook/"+token, r.serve) // Feishu
	var err error
	r.webServer, err = newWebServer(mux)
	return r, err
}

// Config returns what makes a channel of this robot.
func (r *Robot) Config() channel.RobotConfig {
	paths := map[channel.RobotKind]string{
		channel.RobotWeCom:    "/cgi-bin/webhook/send?key=" + token,
		channel.RobotDingTalk: "/robot/send?access_token=" + token,
		channel.RobotFeishu:   "/open-apis/bot/v2/hook/" + token,
	}
	return channel.RobotConfig{Kind: r.options.Kind, URL: r.URL(paths[r.options.Kind]), Secret: r.options.Secret, AllowPrivate: true}
}

// robotCodes are the codes of one service: the key or token is unknown, the
// signature is wrong, the content is refused, too many messages.
type robotCodes struct{ token, signature, content, busy int }

var codes = map[channel.RobotKind]robotCodes{
	channel.RobotWeCom:    {93000, 0, 40058, 45009},
	channel.RobotDingTalk: {300005, 310000, 310000, 130101},
	channel.RobotFeishu:   {19001, 19021, 19024, 11232},
}

// robotMessage is the union of the payloads.
type robotMessage struct {
	MsgType  string                                `json:"msgtype"`
	Text     struct{ Content string }              `json:"text"`
	Markdown struct{ Content, Title, Text string } `json:"markdown"`

	FeishuType string                `json:"msg_type"`
	Content    struct{ Text string } `json:"content"`
	Card       struct {
		Header struct {
			Title struct{ Content string }
		}
		Elements []struct{ Tag, Content string }
	} `json:"card"`
	Timestamp, Sign string
}

func (r *Robot) serve(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	var m robotMessage
	if err != nil || json.Unmarshal(body, &m) != nil {
		r.code(w, codes[r.options.Kind].content)
		return
	}
	c := codes[r.options.Kind]
	received, ok := m.received(r.options.Kind)
	switch fault := r.take(); {
	case fault == RobotNonsense:
		_, _ = io.WriteString(w, "<html>502</html>")
	case fault == RobotBroken:
		w.WriteHeader(http.StatusBadGateway)
	case !r.known(req):
		r.code(w, c.token)
	case r.options.Secret != "" && !r.genuine(req, m):
		r.code(w, c.signature)
	case fault == RobotRefused, !ok:
		r.code(w, c.content)
	case !r.within():
		r.code(w, c.busy)
	default:
		r.add(received)
		if fault == RobotAcceptHang {
			r.hang(req.Context())
		}
		r.code(w, 0)
	}
}

// code answers as the service does.
func (r *Robot) code(w http.ResponseWriter, code int) {
	if r.options.Kind == channel.RobotFeishu {
		reply(w, http.StatusOK, map[string]any{"code": code, "msg": "…", "data": map[string]any{}})
		return
	}
	reply(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": "…"})
}

func (r *Robot) known(req *http.Request) bool {
	q := req.URL.Query()
	switch r.options.Kind {
	case channel.RobotWeCom:
		return q.Get("key") == token
	case channel.RobotDingTalk:
		return q.Get("access_token") == token
	}
	return true // the path was found
}

// genuine checks the signature, which may be an hour old.
func (r *Robot) genuine(req *http.Request, m robotMessage) bool {
	timestamp, sign, unit := m.Timestamp, m.Sign, time.Second
	if r.options.Kind == channel.RobotDingTalk {
		timestamp, sign, unit = req.URL.Query().Get("timestamp"), req.URL.Query().Get("sign"), time.Millisecond
	}
	n, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || r.options.Now().Sub(time.Unix(0, n*int64(unit))).Abs() > time.Hour {
		return false
	}
	key, text := r.options.Secret, timestamp+"\n"+r.options.Secret
	if r.options.Kind == channel.RobotFeishu {
		key, text = text, ""
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(sign))
}

// within counts the message against the limit of the last minute.
func (r *Robot) within() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, recent := r.options.Now(), 0
	for _, at := range r.sent {
		if now.Sub(at) < time.Minute {
			recent++
		}
	}
	if recent >= r.options.PerMinute {
		return false
	}
	r.sent = append(r.sent, now)
	return true
}

// received reads the payload of a service; false when the service would refuse
// it.
func (m robotMessage) received(kind channel.RobotKind) (Received, bool) {
	got := Received{To: string(kind)}
	switch {
	case kind == channel.RobotWeCom && m.MsgType == "markdown":
		got.Text = m.Markdown.Content
		return got, got.Text != "" && len(got.Text) <= 4096
	case kind == channel.RobotWeCom && m.MsgType == "text":
		got.Text = m.Text.Content
		return got, got.Text != "" && len(got.Text) <= 2048
	case kind == channel.RobotDingTalk && m.MsgType == "markdown":
		got.Subject, got.Text = m.Markdown.Title, m.Markdown.Text
		return got, got.Subject != "" && got.Text != ""
	case kind == channel.RobotDingTalk && m.MsgType == "text":
		got.Text = m.Text.Content
	case kind == channel.RobotFeishu && m.FeishuType == "text":
		got.Text = m.Content.Text
	case kind == channel.RobotFeishu && m.FeishuType == "interactive" && len(m.Card.Elements) > 0:
		got.Subject, got.Text = m.Card.Header.Title.Content, m.Card.Elements[0].Content
	}
	return got, got.Text != ""
}
