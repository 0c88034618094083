package main
import ("testing";"github.com/chromedp/chromedp")
func TestZZ(t *testing.T){
	h := newHouse(t); h.serve(t); b:=openBrowser(t,h)
	w := &way{house: h, t: t, lin: h.signIn(t, b, "lin")}
	w.arrives()
	w.lin.press(`#reply button[formaction$="/draft"]`)
	w.lin.see(`#reply .verdict`)
	inPage[bool](w.lin, `(window.addEventListener("click", e => { window.log = (window.log||"") + e.target.outerHTML.slice(0,200) + " trusted " + e.isTrusted + " prevented " + e.defaultPrevented + "\n" }), window.addEventListener("invalid", e => { window.log = (window.log||"") + "INVALID " + e.target.outerHTML.slice(0,200) }, true), true)`)
	w.lin.run("click", chromedp.Click(css(`#reply [data-send]`)))
	t.Log(inPage[string](w.lin, `String(window.log) + " | " + document.querySelector("#confirm-dialog").outerHTML + location.href + document.querySelector("form[data-reply]").checkValidity()`))
}
