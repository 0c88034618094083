package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/qianyi-dev/qianyi/triage"
)

var postgresDialect = dialect{
	goose:      goose.DialectPostgres,
	migrations: "migrations/postgres",
	explain:    explainPostgres,
	// PostgreSQL keeps statistics and chooses the index itself.
	drivenBy:     func(string) string { return "" },
	advisoryLock: true,
}

func openPostgres(dsn string, o options) (*DB, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The cause quotes the DSN with its password, so it is left out.
		return nil, triage.Errorf(triage.CodeInvalid, "store: the PostgreSQL address cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE")
	}
	config.RuntimeParams["application_name"] = "qianyi"
	config.RuntimeParams["lock_timeout"] = strconv.FormatInt(o.busy.Milliseconds(), 10)
	name := fmt.Sprintf("postgres://%s/%s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), config.Database)
	pool := func(connections int) *sql.DB {
		db := stdlib.OpenDB(*config)
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		return db
	}
	return &DB{read: pool(8), write: pool(1), dialect: postgresDialect, name: name}, nil
}

// explainPostgres knows the SQLSTATE classes that are not our fault.
func explainPostgres(err error) (fault, bool) {
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		return explainConnection(err)
	}
	switch e.Code {
	case "53100":
		return faultFull, true
	case "55P03", "40001", "40P01", "57014":
		return faultLocked, true
	case "22021":
		return fault{triage.CodeInvalid, "a text has bytes that are not UTF-8 or are zero; clean it first"}, true
	case "54000", "22001":
		return faultTooLarge, true
	case "28000", "28P01", "42501":
		return faultPermission, true
	case "3D000":
		return fault{triage.CodeInvalid, "there is no such database; create it first"}, true
	}
	switch e.Code[:2] {
	case "08", "53", "57", "58":
		return faultGone, true
	}
	return fault{}, false
}

func explainConnection(err error) (fault, bool) {
	var connect *pgconn.ConnectError
	var network net.Error
	if errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return faultGone, true
	}
	return fault{}, false
}
