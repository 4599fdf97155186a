CREATE TABLE nodelist (node TEXT PRIMARY KEY, groups TEXT, status TEXT, disable TEXT);
CREATE TABLE site ("key" TEXT PRIMARY KEY, value TEXT, comments TEXT, disable TEXT);
CREATE TABLE hosts (node TEXT PRIMARY KEY, ip TEXT, hostnames TEXT, comments TEXT, disable TEXT);
CREATE TABLE networks (netname TEXT, net TEXT, mask TEXT, comments TEXT, disable TEXT, PRIMARY KEY (net, mask));
INSERT INTO site VALUES ('domain', 'cluster.test', NULL, NULL);
INSERT INTO nodelist VALUES ('cn001', 'compute', NULL, NULL), ('cn002', 'compute', NULL, NULL),
	('sn1', 'service', NULL, NULL), ('sn3', 'service', NULL, NULL), ('sn4', 'service', NULL, NULL),
	('Login', 'up', NULL, NULL), ('login', 'up', NULL, NULL), ('bad', '', NULL, NULL),
	('x1', 'broken', NULL, NULL), ('odd', 'compute', NULL, NULL), ('777', 'compute', NULL, NULL),
	('text', '', NULL, NULL);
INSERT INTO hosts VALUES ('compute', '|cn(\d+)|10.1.0.($1+0)|', '|cn(\d+)|c($1+0) c($1)-a,c($1)-b:c($1)-d|', NULL, NULL),
	('sn1', '10.99.0.1', NULL, NULL, NULL),
	('sn3', '10.0.0.33', 'sn3-alias SN3-Upper cn001', NULL, NULL),
	('sn4', '10.0.0.34', 'hidden', NULL, '1'),
	('up', '10.2.0.1', NULL, NULL, NULL), ('login', '10.2.0.2', NULL, NULL, NULL),
	('bad', '10.6.01.01', NULL, NULL, NULL),
	('text', 'sn1', 'text-alias', NULL, NULL),
	('broken', '|x(\d+)|(1/0)|', 'x-alias', NULL, NULL),
	('outside', '10.0.0.50', 'outside-alias', NULL, NULL);
INSERT INTO networks VALUES
	('all', '0.0.0.0', '0.0.0.0', NULL, NULL),
	('ten', '10.0.0.0', '255.0.0.0', NULL, NULL),
	('compute', '10.1.0.0', '255.255.0.0', NULL, NULL),
	('rack', '10.1.2.0', '/24', NULL, NULL),
	('half', '10.1.2.128', '25', NULL, NULL),
	('host', '10.1.2.200', '255.255.255.255', NULL, NULL),
	('bits', '10.3.7.9', '255.255.0.0', NULL, NULL),
	(NULL, '10.4.0.0', '255.255.0.0', NULL, NULL),
	('', '10.5.0.0', '/16', NULL, NULL),
	('off', '10.1.3.0', '255.255.255.0', NULL, '1'),
	('on', '10.1.4.0', '255.255.255.0', NULL, 'no'),
	('holes', '10.1.5.0', '255.0.255.0', NULL, NULL),
	('nomask', '10.1.6.0', '', NULL, NULL),
	('toolong', '10.1.7.0', '33', NULL, NULL),
	('v6', 'fd00::', '64', NULL, NULL),
	('v6slash', 'fd00:0:0:1::', '/64', NULL, NULL),
	('v6small', 'fd00:0:0:1:8000::/65', '', NULL, NULL),
	('v6mask', 'fd01::', 'ffff:ffff::', NULL, NULL),
	('words', 'a network', '255.0.0.0', NULL, NULL);
