package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/qianyi-dev/qianyi/web/console"
)

func TestModelPage(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	body := d.page("/model")
	t.Run("says how the model does", func(t *testing.T) {
		t.Parallel()
		contains(t, body, "第 3 号模型", "88%", "95% 区间", "412", "2026-02-23", "最常混淆")
	})
	t.Run("draws curves with their numbers below", func(t *testing.T) {
		t.Parallel()
		if got := strings.Count(body, "chart-curve"); got != 3 {
			t.Errorf("the page has %d curves, want 3", got)
		}
		contains(t, body, `<td class="num">62</td><td class="num">400</td><td class="num">90%</td>`)
	})
	t.Run("says in words when something has changed", func(t *testing.T) {
		t.Parallel()
		if got := strings.Count(body, "异常：来件与以前明显不同"); got != 1 {
			t.Errorf("the page calls %d figures unusual, want 1", got)
		}
	})
	t.Run("shows what the language model costs and is worth", func(t *testing.T) {
		t.Parallel()
		contains(t, body, "deepseek-chat", "51200", "1.23", "疑似操纵，未发送", "只作为备选显示")
	})
	t.Run("offers to go back to what was in use", func(t *testing.T) {
		t.Parallel()
		contains(t, body, `action="/models/2/rollback"`, `action="/models/0/rollback"`, `action="/model/learn"`)
		lacks(t, body, `action="/models/3/rollback"`, `action="/models/4/rollback"`)
	})
}

func TestModelPageOffersNothingToReaders(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "agent")
	lacks(t, d.page("/model"), "/rollback", "/model/learn")
}

func TestModelPageBeforeTheFirstNight(t *testing.T) {
	t.Parallel()
	s := newSchool()
	s.models, s.report = nil, nil
	d := setup(t, func(deps *console.Deps) {
		deps.Learning = s.deps()
		deps.Learning.Opinions, deps.Learning.Fixed = nil, true
	})
	d.signIn("quality", password)
	body := d.page("/model")
	contains(t, body, "还没有学习记录", "配置文件指定了模型", "随程序提供的模型")
	lacks(t, body, "/model/learn", "大模型复核")
}

func TestLearnNow(t *testing.T) {
	t.Parallel()
	d := setup(t, func(deps *console.Deps) { deps.Jobs = evening{deps.Jobs} })
	d.signIn("quality", password)
	contains(t, d.follow(d.post("/model/learn", url.Values{}), "/model"), "已开始学习")
	if !slices.Equal(d.school.asked, []string{"quality"}) {
		t.Errorf("asked by %q, want quality once", d.school.asked)
	}
}

func TestRollBack(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "quality")
	contains(t, d.follow(d.post("/models/2/rollback", url.Values{}), "/model"), "已退回")
	if !slices.Equal(d.school.rolledBack, []int64{2}) {
		t.Errorf("rolled back to %v, want 2", d.school.rolledBack)
	}
	for _, id := range []string{"99", "x"} {
		if w := d.post("/models/"+id+"/rollback", url.Values{}); w.Code != http.StatusNotFound {
			t.Errorf("model %s: got status %d, want 404", id, w.Code)
		}
	}
}
