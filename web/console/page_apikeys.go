package console

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/qianyi-dev/qianyi/triage"
	"github.com/qianyi-dev/qianyi/triage/access"
)

// keyPrefix lets people and scanners recognise a secret of ours.
const keyPrefix = "qy_"

// NewKeySecret returns the secret of an API key and the hash that is kept of it.
func NewKeySecret() (secret, hash string) {
	secret = keyPrefix + rand.Text() + rand.Text()
	return secret, tokenHash(secret)
}

type keyRow struct {
	triage.Key
	Created, Expires, Used, Revoked string
	State                           string // a code of the group "keystate"
}

type keyForm struct {
	Name, Owner, Expires string
	Chosen               map[string]bool
	Wrong                string
}

type apiKeysView struct {
	Rows        []keyRow
	Owners      []userRow
	Permissions []access.Permission
	Form        keyForm
}

func (c *Console) showAPIKeys(v *visit) error {
	return c.renderAPIKeys(v, http.StatusOK, keyForm{Owner: v.user.Name})
}

func (c *Console) renderAPIKeys(v *visit, status int, form keyForm) error {
	ctx := v.r.Context()
	keys, err := c.d.Rights.Keys.Keys(ctx)
	if err != nil {
		return err
	}
	users, err := c.d.Users.Users(ctx)
	if err != nil {
		return err
	}
	view := apiKeysView{Permissions: access.All, Form: form}
	for i := range users {
		if !users[i].Disabled {
			view.Owners = append(view.Owners, c.userRow(&users[i]))
		}
	}
	for _, k := range keys {
		row := keyRow{Key: k, Created: c.when(k.CreatedAt), Expires: c.when(k.ExpiresAt), Used: c.when(k.UsedAt), Revoked: c.when(k.RevokedAt), State: "good"}
		switch {
		case !k.RevokedAt.IsZero():
			row.State = "revoked"
		case !k.ExpiresAt.IsZero() && !c.d.Now().Before(k.ExpiresAt):
			row.State = "expired"
		}
		view.Rows = append(view.Rows, row)
	}
	return c.render(v, status, "apikeys", page{Title: "nav.apikeys", Nav: "/apikeys", View: view})
}

// addAPIKey makes a key of a person, for no more than the person may do.
func (c *Console) addAPIKey(v *visit) error {
	ctx := v.r.Context()
	post := v.r.PostForm
	form := keyForm{Name: strings.TrimSpace(post.Get("name")), Owner: post.Get("owner"), Expires: post.Get("expires"), Chosen: map[string]bool{}}
	for _, p := range post["permission"] {
		form.Chosen[p] = true
	}
	owner, err := c.d.Users.User(ctx, form.Owner)
	if ignoreNotFound(err) != nil {
		return err
	}
	k := triage.Key{Name: form.Name, Owner: owner.Name, CreatedBy: v.user.Name, CreatedAt: c.d.Now()}
	for _, p := range access.Of(owner.Role) {
		if form.Chosen[string(p)] {
			k.Permissions = append(k.Permissions, string(p))
		}
	}
	k.ExpiresAt, err = c.dayEnd(form.Expires)
	switch n := utf8.RuneCountInString(form.Name); {
	case n == 0 || n > maxName:
		form.Wrong = "name"
	case owner.Name == "" || owner.Disabled:
		form.Wrong = "owner"
	case err != nil || form.Expires != "" && !k.ExpiresAt.After(c.d.Now()):
		form.Wrong = "expires"
	case len(k.Permissions) == 0 || len(k.Permissions) != len(form.Chosen):
		form.Wrong = "permission"
	}
	if form.Wrong != "" {
		return c.renderAPIKeys(v, http.StatusUnprocessableEntity, form)
	}
	secret, hash := NewKeySecret()
	k.Hash = hash
	e := triage.AuditEntry{At: c.d.Now(), Actor: v.user.Name, Action: "key.add", Object: "user:" + owner.Name, Detail: keyFacts(&k)}
	if _, err := c.d.Rights.Keys.AddKey(ctx, k, e); err != nil {
		return err
	}
	return c.showSecret(v, secretView{Kind: "key", Name: k.Name, Secret: secret, Back: "/apikeys"})
}

// dayEnd reads a day as its end, "" as the zero time.
func (c *Console) dayEnd(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(dayFace, day, c.d.Zone)
	return t.AddDate(0, 0, 1), err
}

func keyFacts(k *triage.Key) string {
	return auditFacts(map[string]string{"name": k.Name, "permissions": strings.Join(slices.Sorted(slices.Values(k.Permissions)), " ")})
}

func (c *Console) revokeAPIKey(v *visit) error {
	id, err := strconv.ParseInt(v.r.PathValue("id"), 10, 64)
	if err != nil {
		return c.notFound(v)
	}
	e := triage.AuditEntry{
		At: c.d.Now(), Actor: v.user.Name, Action: "key.revoke", Object: "key:" + strconv.FormatInt(id, 10),
	}
	if err := c.d.Rights.Keys.RevokeKey(v.r.Context(), id, c.d.Now(), e); err != nil {
		return err
	}
	return c.redirect(v, "/apikeys", "key_revoked")
}
