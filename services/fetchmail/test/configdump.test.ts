import t from 'tap'
import { isMultidrop, readConfigdump, usesIdle } from '../src/configdump.ts'

// as fetchmail 6.4.37 prints it, shortened
const dump = `TRUE=1; FALSE=0

feature_options = ('pop3','imap','ssl',)
fetchmailrc = {
    'poll_interval':300,
    "logfile":None,
    "postmaster":"a\\"b\\\\c@example.com",
    'bouncemail':FALSE,
    'syslog':TRUE,
    # List of server entries begins here
    'servers': [
	# Entry for site \`localhost' begins:
	{
	    "pollname":"localhost",
	    'active':TRUE,
	    "via":"h2",
	    "protocol":"POP3",
	    "service":"11995",
	    'timeout':71,
	    "envelope":"Delivered-To",
	    'uidl':TRUE,
	    "localdomains":["example.com","example.org"],
	    'users': [
		{
		    "remote":"ex\\"a'm\\\\",
		    "password":"woolybooly",
		    'localnames':["fetchmail", '*'],
		    'keep':TRUE,
		    'idle':FALSE,
		    'ssl':TRUE,
		    "sslproto":"",
		    'sslcertck':TRUE,
		    "sslfingerprint":None,
		    "mda":None,
		    "smtphunt":["localhost/25"],
		    "smtpaddress":"example.com",
		}
		,		{
		    "remote":"second",
		    "password":None,
		    'localnames':["bob"],
		    'idle':TRUE,
		    'ssl':FALSE,
		    "sslproto":None,
		    'sslcertck':FALSE,
		    "mda":"deliver %T",
		    "smtphunt":["localhost"],
		}
		,	    ]
	}
	,
	{
	    "pollname":"imap.example.net",
	    'active':FALSE,
	    "via":None,
	    "protocol":"IMAP",
	    "service":None,
	    "envelope":"Received",
	    'users': [
		{
		    "remote":"b",
		    "password":"c",
		    'localnames':["q"],
		    'idle':TRUE,
		}
	    ]
	}
    ]
}
`

t.test('readConfigdump reads what fetchmail understood, and no password', async (t) => {
  const configuration = readConfigdump(dump)
  t.match(configuration, { postmaster: 'a"b\\c@example.com', bouncemail: false, syslog: true, logfile: undefined, pollInterval: 300 })
  const [one, two] = configuration.servers
  t.match(one, { name: 'localhost', via: 'h2', active: true, protocol: 'POP3', service: '11995', timeout: 71, envelope: 'Delivered-To', uidl: true, localdomains: ['example.com', 'example.org'] })
  t.match(one!.users, [
    { name: 'ex"a\'m\\', hasPassword: true, localnames: ['fetchmail', '*'], keep: true, ssl: true, sslproto: '', sslcertck: true, mda: undefined, smtphosts: ['localhost/25'], smtpaddress: 'example.com' },
    { name: 'second', hasPassword: false, localnames: ['bob'], idle: true, ssl: false, sslproto: undefined, mda: 'deliver %T' },
  ])
  t.match(two, { name: 'imap.example.net', active: false, via: undefined, service: undefined })
  t.notMatch(JSON.stringify(configuration), /woolybooly/)
  t.same(one!.users.map(isMultidrop), [true, false])
  t.ok(usesIdle(configuration))
  t.notOk(usesIdle({ ...configuration, servers: [one!] }), 'POP3 knows no IDLE')
})

t.test('readConfigdump of nothing has no servers', async (t) => {
  t.same(readConfigdump('').servers, [])
})
