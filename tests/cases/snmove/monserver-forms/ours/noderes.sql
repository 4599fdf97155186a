PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE noderes (
  node VARCHAR(128) ,
  servicenode TEXT,
  netboot TEXT,
  tftpserver TEXT,
  tftpdir TEXT,
  nfsserver TEXT,
  monserver TEXT,
  nfsdir TEXT,
  installnic TEXT,
  primarynic TEXT,
  discoverynics TEXT,
  cmdinterface TEXT,
  xcatmaster TEXT,
  current_osimage TEXT,
  next_osimage TEXT,
  nimserver TEXT,
  routenames TEXT,
  nameservers TEXT,
  proxydhcp TEXT,
  syslog TEXT,
  comments TEXT,
  disable TEXT,
  PRIMARY KEY (node)
);
INSERT INTO noderes VALUES('cn001','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn1',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn002','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn2,sn2-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn003','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn3,sn3-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn004','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn2,sn2-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn005','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn2,sn2-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn006','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn2,sn2-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn007','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c',',sn1-c',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('cn008','sn2,sn1',NULL,'sn2-c',NULL,'sn2-c','sn1,',NULL,NULL,NULL,NULL,NULL,'sn2-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO noderes VALUES('compute','sn1,sn2','xnba','sn1-c',NULL,'sn1-c','sn1,sn1-c',NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
COMMIT;
