package channel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"
)

// robotDialect is what differs between the services.
type robotDialect struct {
	// maxText and maxMarkdown are in bytes.
	maxText, maxMarkdown int
	payload              func(title, text string, markdown bool) map[string]any
	// sign puts the signature into the URL or the payload.
	sign func(secret string, now time.Time, u *url.URL, payload map[string]any)
	// busy are the codes of "too many messages" and "try again".
	busy map[int]bool
}

// The documents: developer.work.weixin.qq.com/document/path/91770 (limits,
// 20 messages a minute) and 90313 (codes); open.dingtalk.com, "custom robot
// access" (20 a minute, 130101 when over it, signature); open.feishu.cn,
// "custom bot guide" (100 a minute, 9499 and 11232 when over it, signature).
// Bodies for DingTalk and Feishu end at 20 kB; JSON may need six bytes for a
// sign of one.
var robotDialects = map[RobotKind]robotDialect{
	RobotWeCom: {
		maxText: 2048, maxMarkdown: 4096, payload: wecomPayload,
		busy: map[int]bool{-1: true, 45009: true, 45033: true},
	},
	RobotDingTalk: {
		maxText: 15000, maxMarkdown: 15000, payload: dingtalkPayload, sign: dingtalkSign,
		busy: map[int]bool{-1: true, 90030: true, 130101: true, 410100: true},
	},
	RobotFeishu: {
		maxText: 15000, maxMarkdown: 15000, payload: feishuPayload, sign: feishuSign,
		busy: map[int]bool{9499: true, 11232: true},
	},
}

func wecomPayload(title, text string, markdown bool) map[string]any {
	kind, content := "text", titled(title, text, "")
	if markdown {
		kind, content = "markdown", titled(title, text, "### ")
	}
	return map[string]any{"msgtype": kind, kind: map[string]any{"content": content}}
}

func dingtalkPayload(title, text string, markdown bool) map[string]any {
	if markdown {
		if title == "" {
			title = "通知" // shown in the list of chats; must not be empty
		}
		return map[string]any{"msgtype": "markdown", "markdown": map[string]any{"title": title, "text": titled(title, text, "### ")}}
	}
	return map[string]any{"msgtype": "text", "text": map[string]any{"content": titled(title, text, "")}}
}

func feishuPayload(title, text string, markdown bool) map[string]any {
	if !markdown {
		return map[string]any{"msg_type": "text", "content": map[string]any{"text": titled(title, text, "")}}
	}
	card := map[string]any{"elements": []any{map[string]any{"tag": "markdown", "content": text}}}
	if title != "" {
		card["header"] = map[string]any{"title": map[string]any{"tag": "plain_text", "content": title}}
	}
	return map[string]any{"msg_type": "interactive", "card": card}
}

// titled puts a title above a text.
func titled(title, text, mark string) string {
	if title == "" {
		return text
	}
	return mark + title + "\n\n" + text
}

// dingtalkSign puts timestamp, in milliseconds, and sign into the query: the
// HMAC-SHA256 of "timestamp\nsecret" under the secret.
func dingtalkSign(secret string, now time.Time, u *url.URL, _ map[string]any) {
	timestamp := strconv.FormatInt(now.UnixMilli(), 10)
	q := u.Query()
	q.Set("timestamp", timestamp)
	q.Set("sign", hmacBase64(secret, timestamp+"\n"+secret))
	u.RawQuery = q.Encode()
}

// feishuSign puts timestamp, in seconds, and sign into the body: the
// HMAC-SHA256 of nothing under "timestamp\nsecret".
func feishuSign(secret string, now time.Time, _ *url.URL, payload map[string]any) {
	timestamp := strconv.FormatInt(now.Unix(), 10)
	payload["timestamp"] = timestamp
	payload["sign"] = hmacBase64(timestamp+"\n"+secret, "")
}

func hmacBase64(key, text string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(text))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
