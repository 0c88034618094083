package mime

import (
	"regexp"
	"strings"
)

var (
	// original stands above the mail that is answered.
	original = regexp.MustCompile(`(?i)^-{2,}\s*(original message|original|原始邮件|回复的原邮件|原邮件|原始郵件)\s*-{2,}$`)
	// heading is the first line of the header that Outlook and others repeat,
	// headingMore one of those below it.
	heading     = regexp.MustCompile(`(?i)^\**(from|发件人|寄件者|寄件人)\s*\**\s*[:：]`)
	headingMore = regexp.MustCompile(`(?i)^\**(sent|to|cc|date|subject|发送时间|发送日期|日期|时间|收件人|抄送|主题|寄件日期|收件者|主旨)\s*\**\s*[:：]`)
	// wrote ends the line that introduces a quotation; dated tells that it does.
	wrote = regexp.MustCompile(`(?i)(wrote|写道|寫道|来信说?)\s*[:：]$`)
	dated = regexp.MustCompile(`@|\d{4}`)
	// device is what telephones and web mailers add.
	device = regexp.MustCompile(`(?i)^(发自我的.{0,30}|来自.{0,20}(手机|邮箱|客户端)|从我的.{0,20}发送|发送自.{0,40}|sent from my .{1,40}|sent from (mail|outlook|yahoo|qq).{0,40}|get outlook for .{1,20}|获取 ?outlook.{0,20})$`)
)

// fresh returns what the writer wrote now: without quoted mails, signature and
// what the device adds. A text that would be empty then, such as a forwarded
// mail, stays whole.
func fresh(whole string) string {
	lines := strings.Split(whole, "\n")
	var kept []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		if strings.HasPrefix(line, ">") || device.MatchString(line) {
			continue
		}
		if n := introduces(lines, i); n > 0 {
			if !quotes(lines, i+n) {
				break // nothing marks the quotation: it is the rest
			}
			i += n - 1
			continue
		}
		if ends(lines, i) {
			break
		}
		kept = append(kept, lines[i])
	}
	text := strings.TrimSpace(strings.Join(kept, "\n"))
	if text == "" {
		return strings.TrimSpace(whole)
	}
	return text
}

// introduces returns over how many lines from i on a quotation is introduced,
// 0 for none. Long introductions are broken into two.
func introduces(lines []string, i int) int {
	one := strings.TrimSpace(lines[i])
	if introduction(one) {
		return 1
	}
	if i+1 < len(lines) && introduction(one+strings.TrimSpace(lines[i+1])) {
		return 2
	}
	return 0
}

func introduction(text string) bool {
	return len(text) <= 400 && wrote.MatchString(text) && dated.MatchString(text)
}

// quotes says whether the next line with text is a marked quotation.
func quotes(lines []string, i int) bool {
	for ; i < len(lines); i++ {
		if line := strings.TrimSpace(lines[i]); line != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return false
}

// ends says whether the writer's own words end before line i.
func ends(lines []string, i int) bool {
	line := strings.TrimSpace(lines[i])
	if line == "--" && i > 0 || original.MatchString(line) { // RFC 3676, 4.3
		return true
	}
	if !heading.MatchString(line) {
		return false
	}
	more := 0
	for _, next := range lines[i+1 : min(i+7, len(lines))] {
		if headingMore.MatchString(strings.TrimSpace(next)) {
			more++
		}
	}
	return more >= 2
}
