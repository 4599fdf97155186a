-- Tables of xCAT 2.19.0 on MariaDB 10.11.19, created by xCAT itself (restorexCATdb, chtab, chdef through DBD::mysql) on 2026-11-26, printed by mariadb-dump
-- --skip-extended-insert --complete-insert (its "sandbox mode" line taken out).  21 of 71 tables; all names and values are invented.  Load it into an empty database
-- made as xCAT makes it: CREATE DATABASE x; ALTER DATABASE x DEFAULT CHARACTER SET latin1;  then: mariadb x < mariadb.sql.
-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: xcatdb
-- ------------------------------------------------------
-- Server version	10.11.19-MariaDB-0+deb12u1

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

--
-- Table structure for table `site`
--

DROP TABLE IF EXISTS `site`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `site` (
  `key` varchar(128) NOT NULL,
  `value` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`key`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `site`
--

LOCK TABLES `site` WRITE;
/*!40000 ALTER TABLE `site` DISABLE KEYS */;
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('auditnosyslog','0',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('cleanupxcatpost','no',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('consoleondemand','no',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('dhcpinterfaces','mn|d0,d1',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('dhcplease','43200',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('disjointdhcps','0',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('domain','cluster.test',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('FQDNfirst','no',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('fsptimeout','0',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('installdir','/install',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('master','10.1.0.1',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('nameservers','10.1.0.1',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('ppctimeout','0',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('sharedtftp','1',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('SNsyncfiledir','/var/xcat/syncfiles',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('tftpdir','/tftpboot',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('timezone','UTC',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('useSSHonAIX','no',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('vsftp','n',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('xcatdport','3001',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('xcatiport','3002',NULL,NULL);
INSERT INTO `site` (`key`, `value`, `comments`, `disable`) VALUES ('xcatmaxconnections','64',NULL,NULL);
/*!40000 ALTER TABLE `site` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `networks`
--

DROP TABLE IF EXISTS `networks`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `networks` (
  `netname` text DEFAULT NULL,
  `net` varchar(128) NOT NULL,
  `mask` varchar(128) NOT NULL,
  `mgtifname` text DEFAULT NULL,
  `gateway` text DEFAULT NULL,
  `dhcpserver` text DEFAULT NULL,
  `tftpserver` text DEFAULT NULL,
  `nameservers` text DEFAULT NULL,
  `ntpservers` text DEFAULT NULL,
  `logservers` text DEFAULT NULL,
  `dynamicrange` text DEFAULT NULL,
  `staticrange` text DEFAULT NULL,
  `staticrangeincrement` text DEFAULT NULL,
  `nodehostname` text DEFAULT NULL,
  `ddnsdomain` text DEFAULT NULL,
  `vlanid` text DEFAULT NULL,
  `domain` text DEFAULT NULL,
  `mtu` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`net`,`mask`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `networks`
--

LOCK TABLES `networks` WRITE;
/*!40000 ALTER TABLE `networks` DISABLE KEYS */;
INSERT INTO `networks` (`netname`, `net`, `mask`, `mgtifname`, `gateway`, `dhcpserver`, `tftpserver`, `nameservers`, `ntpservers`, `logservers`, `dynamicrange`, `staticrange`, `staticrangeincrement`, `nodehostname`, `ddnsdomain`, `vlanid`, `domain`, `mtu`, `comments`, `disable`) VALUES ('mgmt','10.1.0.0','255.255.0.0','d0','<xcatmaster>','10.1.0.1','<xcatmaster>','10.1.0.1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `networks` (`netname`, `net`, `mask`, `mgtifname`, `gateway`, `dhcpserver`, `tftpserver`, `nameservers`, `ntpservers`, `logservers`, `dynamicrange`, `staticrange`, `staticrangeincrement`, `nodehostname`, `ddnsdomain`, `vlanid`, `domain`, `mtu`, `comments`, `disable`) VALUES ('compute','10.2.0.0','255.255.0.0','d1','<xcatmaster>',NULL,'<xcatmaster>','<xcatmaster>',NULL,NULL,'10.2.200.1-10.2.200.200',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `networks` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `nodelist`
--

DROP TABLE IF EXISTS `nodelist`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `nodelist` (
  `node` varchar(128) NOT NULL,
  `groups` text DEFAULT NULL,
  `status` text DEFAULT NULL,
  `statustime` text DEFAULT NULL,
  `appstatus` text DEFAULT NULL,
  `appstatustime` text DEFAULT NULL,
  `primarysn` text DEFAULT NULL,
  `hidden` text DEFAULT NULL,
  `updatestatus` text DEFAULT NULL,
  `updatestatustime` text DEFAULT NULL,
  `zonename` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `nodelist`
--

LOCK TABLES `nodelist` WRITE;
/*!40000 ALTER TABLE `nodelist` DISABLE KEYS */;
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('a1b2-c3','odd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn001','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn002','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn003','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn004','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn005','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn006','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn007','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn008','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn009','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn010','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'o\'brien; \"odd\" comment, with | bars',NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn011','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn012','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn013','rack1,compute,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn014','rack2,special,rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn015','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn016','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn017','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn018','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn019','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn020','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'Bücher, Gerät',NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn021','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'it\'s \\ back|slash \"q\"',NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn022','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn023','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn024','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn025','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn026','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn027','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn028','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn029','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn030','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn031','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn032','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn033','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn034','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn035','rack1,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn036','rack1,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn037','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn038','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn039','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn040','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn041','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn042','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn043','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn044','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn045','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn046','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn047','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn048','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn049','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn050','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn051','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn052','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn053','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn054','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn055','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn056','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn057','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn058','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn059','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn060','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn061','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn062','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn063','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn064','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn065','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn066','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn067','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn068','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn069','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn070','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn071','rack2,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn072','rack2,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn073','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn074','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn075','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn076','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn077','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn078','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn079','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn080','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn081','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn082','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn083','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn084','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn085','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn086','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn087','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn088','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn089','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn090','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn091','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn092','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn093','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn094','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn095','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn096','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn097','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn098','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn099','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn100','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn101','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn102','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn103','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn104','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn105','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn106','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn107','rack3,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn108','rack3,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn109','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn110','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn111','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn112','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn113','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn114','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn115','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn116','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn117','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn118','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn119','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn120','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn121','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn122','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn123','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn124','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn125','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn126','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn127','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn128','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn129','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn130','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn131','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn132','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn133','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn134','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn135','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn136','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn137','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn138','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn139','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn140','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn141','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn142','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn143','rack4,compute,ipmi,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('cn144','rack4,compute,ipmi,all,even',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('dual','odd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a01','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a02','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a03','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a04','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a05','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a06','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a07','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-a08','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b01','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b02','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b03','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b04','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b05','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b06','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b07','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('gpu-b08','gpu,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io1','io,storage,all,dual',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io2','io,storage,all,dual',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io3','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io4','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io5','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io6','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io7','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('io8','io,storage,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('Login','odd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('login1','login,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('login2','login,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('login3','login,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('login4','login,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n0008','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n0009','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n0010','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n10000','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n10001','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n9998','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('n9999','wide',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node0042','digits',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node1','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node1-ib0','ib,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node10','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node11','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node12','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node2','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node2-ib0','ib,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node3','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node3-ib0','ib,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node4','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node4-ib0','ib,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node5','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node6','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node7','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node777','digits',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node778','digits',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node8','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('node9','nd,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('nogroup',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'none',NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('off1','rack1,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'1');
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('off2','rack1,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'yes');
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('off3','rack1,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'no');
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('off4','rack1,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'0');
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('off5','rack1,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'');
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c1n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c1n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c1n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c1n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c2n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c2n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c2n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c2n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c3n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c3n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c3n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r1c3n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c1n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c1n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c1n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c1n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c2n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c2n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c2n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c2n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c3n1','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c3n2','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c3n3','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('r2c3n4','blade,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('sn1','service,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('sn2','service,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('sn3','service,all',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('stor1.ex.net','dotted,storage',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('stor2.ex.net','dotted,storage',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('stor3.ex.net','dotted,storage',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('swt-1-1','odd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('swt-1-2','odd',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x008','xs,xpad',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x009','xs,xpad',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x010','xs,xpad',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x011','xs,xpad',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x012','xs,xpad',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x10','xs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x11','xs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x12','xs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x8','xs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodelist` (`node`, `groups`, `status`, `statustime`, `appstatus`, `appstatustime`, `primarysn`, `hidden`, `updatestatus`, `updatestatustime`, `zonename`, `comments`, `disable`) VALUES ('x9','xs',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `nodelist` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `nodegroup`
--

DROP TABLE IF EXISTS `nodegroup`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `nodegroup` (
  `groupname` varchar(128) NOT NULL,
  `grouptype` text DEFAULT NULL,
  `members` text DEFAULT NULL,
  `membergroups` text DEFAULT NULL,
  `wherevals` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`groupname`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `nodegroup`
--

LOCK TABLES `nodegroup` WRITE;
/*!40000 ALTER TABLE `nodegroup` DISABLE KEYS */;
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dual','static',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dyngrp','dynamic','dynamic',NULL,'groups=~even',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynipmi','dynamic','dynamic',NULL,'mgt==ipmi',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynnone','dynamic','dynamic',NULL,'mgt==nope',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynnot','dynamic','dynamic',NULL,'mgt!=ipmi',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynnre','dynamic','dynamic',NULL,'os!~rhels::groups=~all',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynr1','dynamic','dynamic',NULL,'servicenode=~^sn1::mgt==ipmi',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('dynre','dynamic','dynamic',NULL,'node=~^cn0[0-3]',NULL,NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('empty','static',NULL,NULL,NULL,'nobody',NULL);
INSERT INTO `nodegroup` (`groupname`, `grouptype`, `members`, `membergroups`, `wherevals`, `comments`, `disable`) VALUES ('even',NULL,NULL,NULL,NULL,'even',NULL);
/*!40000 ALTER TABLE `nodegroup` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `noderes`
--

DROP TABLE IF EXISTS `noderes`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `noderes` (
  `node` varchar(128) NOT NULL,
  `servicenode` text DEFAULT NULL,
  `netboot` text DEFAULT NULL,
  `tftpserver` text DEFAULT NULL,
  `tftpdir` text DEFAULT NULL,
  `nfsserver` text DEFAULT NULL,
  `monserver` text DEFAULT NULL,
  `nfsdir` text DEFAULT NULL,
  `installnic` text DEFAULT NULL,
  `primarynic` text DEFAULT NULL,
  `discoverynics` text DEFAULT NULL,
  `cmdinterface` text DEFAULT NULL,
  `xcatmaster` text DEFAULT NULL,
  `current_osimage` text DEFAULT NULL,
  `next_osimage` text DEFAULT NULL,
  `nimserver` text DEFAULT NULL,
  `routenames` text DEFAULT NULL,
  `nameservers` text DEFAULT NULL,
  `proxydhcp` text DEFAULT NULL,
  `syslog` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `noderes`
--

LOCK TABLES `noderes` WRITE;
/*!40000 ALTER TABLE `noderes` DISABLE KEYS */;
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn005','sn1,sn3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn006','sn1,sn3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn007',NULL,NULL,'10.2.0.11',NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn009',NULL,'grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn010',NULL,'pxe',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn012',NULL,NULL,'sn9-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'1');
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn020',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'own row, no values',NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn022',NULL,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'empty text in tftpserver',NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn023',NULL,NULL,'|^.*$||',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn030',NULL,NULL,'|^.*$||',NULL,'|^.*$||',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn031',NULL,NULL,'|^.*$||',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'x',NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn033',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'y',NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('cn034',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'z',NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('compute',NULL,'xnba','sn1-c',NULL,'10.2.0.11',NULL,NULL,'mac','mac',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('dual','sn2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'|gpu-[ab](\\d+)|eth($1%2)|',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a01','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a02','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a03','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a04','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a05','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a06','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a07','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-a08','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b01','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b02','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b03','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b04','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b05','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b06','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b07','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('gpu-b08','sn1,sn2','grub2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io1','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io2','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io3','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io4','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io5','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io6','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io7','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('io8','sn1','xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('login1',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('login2',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('login3',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('login4',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node1','sn1.cluster.test,sn2',NULL,'sn1',NULL,'10.1.0.11','sn1',NULL,NULL,NULL,NULL,NULL,'10.2.0.11',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node2','sn1 ,sn2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node3','10.1.0.11,10.1.0.12',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'10.2.0.11',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node4','sn1,,sn2',NULL,NULL,NULL,NULL,'sn1,sn1-c,sn9',NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node5','sn2,sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node6','|node(\\d+)|sn1,sn($1-4)|',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'|node\\d+|sn1-c|',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node7','sn1,sn2',NULL,'<xcatmaster>',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('node8','sn1,sn2,sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('rack1','sn1,sn2',NULL,NULL,NULL,NULL,'sn1,sn1-c',NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('rack2','sn1,sn2,sn3',NULL,NULL,NULL,NULL,'sn1,sn1-c',NULL,NULL,NULL,NULL,NULL,'sn1-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('rack3','sn3,sn2',NULL,'sn3-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'sn3-c',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('rack4','sn2,sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'|cn(\\d+)|sn2-c|',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('sn1',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('sn2',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `noderes` (`node`, `servicenode`, `netboot`, `tftpserver`, `tftpdir`, `nfsserver`, `monserver`, `nfsdir`, `installnic`, `primarynic`, `discoverynics`, `cmdinterface`, `xcatmaster`, `current_osimage`, `next_osimage`, `nimserver`, `routenames`, `nameservers`, `proxydhcp`, `syslog`, `comments`, `disable`) VALUES ('sn3',NULL,'xnba',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `noderes` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `nodehm`
--

DROP TABLE IF EXISTS `nodehm`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `nodehm` (
  `node` varchar(128) NOT NULL,
  `power` text DEFAULT NULL,
  `mgt` text DEFAULT NULL,
  `cons` text DEFAULT NULL,
  `termserver` text DEFAULT NULL,
  `termport` text DEFAULT NULL,
  `conserver` text DEFAULT NULL,
  `serialport` text DEFAULT NULL,
  `serialspeed` text DEFAULT NULL,
  `serialflow` text DEFAULT NULL,
  `getmac` text DEFAULT NULL,
  `cmdmapping` text DEFAULT NULL,
  `consoleondemand` text DEFAULT NULL,
  `consoleenabled` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `nodehm`
--

LOCK TABLES `nodehm` WRITE;
/*!40000 ALTER TABLE `nodehm` DISABLE KEYS */;
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('cn007',NULL,NULL,NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('cn035',NULL,NULL,NULL,NULL,NULL,'|^.*$||',NULL,NULL,NULL,NULL,NULL,NULL,NULL,'w',NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('compute',NULL,'ipmi','ipmi',NULL,NULL,NULL,'0','115200','hard',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a01',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a02',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a03',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a04',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a05',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a06',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a07',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-a08',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b01',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b02',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b03',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b04',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b05',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b06',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b07',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('gpu-b08',NULL,'ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io1',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io2',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io3',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io4',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io5',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io6',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io7',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('io8',NULL,'ipmi',NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('login1',NULL,'kvm',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('login2',NULL,'kvm',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('login3',NULL,'kvm',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('login4',NULL,'kvm',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node1',NULL,'hmc',NULL,NULL,NULL,'10.1.0.11',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node10',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node11',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node12',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node2',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node3',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node4',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node5',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node6',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node7',NULL,'hmc',NULL,NULL,NULL,'SN1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node8',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('node9',NULL,'hmc',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c1n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c1n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c1n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c1n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c2n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c2n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c2n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c2n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c3n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c3n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c3n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r1c3n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c1n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c1n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c1n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c1n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c2n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c2n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c2n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c2n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c3n1',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c3n2',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c3n3',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('r2c3n4',NULL,'blade',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('rack1',NULL,NULL,NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('rack2',NULL,NULL,NULL,NULL,NULL,'sn1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('rack3',NULL,NULL,NULL,NULL,NULL,'sn3',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('rack4',NULL,NULL,NULL,NULL,NULL,'sn2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('sn1',NULL,'ipmi','ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('sn2',NULL,'ipmi','ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodehm` (`node`, `power`, `mgt`, `cons`, `termserver`, `termport`, `conserver`, `serialport`, `serialspeed`, `serialflow`, `getmac`, `cmdmapping`, `consoleondemand`, `consoleenabled`, `comments`, `disable`) VALUES ('sn3',NULL,'ipmi','ipmi',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `nodehm` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `nodetype`
--

DROP TABLE IF EXISTS `nodetype`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `nodetype` (
  `node` varchar(128) NOT NULL,
  `os` text DEFAULT NULL,
  `arch` text DEFAULT NULL,
  `profile` text DEFAULT NULL,
  `provmethod` text DEFAULT NULL,
  `supportedarchs` text DEFAULT NULL,
  `nodetype` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `nodetype`
--

LOCK TABLES `nodetype` WRITE;
/*!40000 ALTER TABLE `nodetype` DISABLE KEYS */;
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('cn008',NULL,NULL,NULL,'rhels8.8.0-x86_64-install-compute',NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('compute','rhels8.8.0','x86_64','compute','rhels8.8.0-x86_64-netboot-compute',NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a01','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a02','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a03','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a04','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a05','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a06','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a07','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-a08','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b01','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b02','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b03','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b04','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b05','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b06','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b07','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('gpu-b08','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('sn1','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('sn2','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodetype` (`node`, `os`, `arch`, `profile`, `provmethod`, `supportedarchs`, `nodetype`, `comments`, `disable`) VALUES ('sn3','rhels8.8.0','x86_64',NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `nodetype` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `servicenode`
--

DROP TABLE IF EXISTS `servicenode`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `servicenode` (
  `node` varchar(128) NOT NULL,
  `nameserver` text DEFAULT NULL,
  `dhcpserver` text DEFAULT NULL,
  `tftpserver` text DEFAULT NULL,
  `nfsserver` text DEFAULT NULL,
  `conserver` text DEFAULT NULL,
  `monserver` text DEFAULT NULL,
  `ldapserver` text DEFAULT NULL,
  `ntpserver` text DEFAULT NULL,
  `ftpserver` text DEFAULT NULL,
  `nimserver` text DEFAULT NULL,
  `ipforward` text DEFAULT NULL,
  `dhcpinterfaces` text DEFAULT NULL,
  `proxydhcp` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `servicenode`
--

LOCK TABLES `servicenode` WRITE;
/*!40000 ALTER TABLE `servicenode` DISABLE KEYS */;
INSERT INTO `servicenode` (`node`, `nameserver`, `dhcpserver`, `tftpserver`, `nfsserver`, `conserver`, `monserver`, `ldapserver`, `ntpserver`, `ftpserver`, `nimserver`, `ipforward`, `dhcpinterfaces`, `proxydhcp`, `comments`, `disable`) VALUES ('sn1','1','1','1','1','1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `servicenode` (`node`, `nameserver`, `dhcpserver`, `tftpserver`, `nfsserver`, `conserver`, `monserver`, `ldapserver`, `ntpserver`, `ftpserver`, `nimserver`, `ipforward`, `dhcpinterfaces`, `proxydhcp`, `comments`, `disable`) VALUES ('sn2','1','1','1','1','1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `servicenode` (`node`, `nameserver`, `dhcpserver`, `tftpserver`, `nfsserver`, `conserver`, `monserver`, `ldapserver`, `ntpserver`, `ftpserver`, `nimserver`, `ipforward`, `dhcpinterfaces`, `proxydhcp`, `comments`, `disable`) VALUES ('sn3','1','1','1','1','1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `servicenode` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `hosts`
--

DROP TABLE IF EXISTS `hosts`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `hosts` (
  `node` varchar(128) NOT NULL,
  `ip` text DEFAULT NULL,
  `hostnames` text DEFAULT NULL,
  `otherinterfaces` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `hosts`
--

LOCK TABLES `hosts` WRITE;
/*!40000 ALTER TABLE `hosts` DISABLE KEYS */;
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('blade','|r(\\d+)c(\\d+)n(\\d+)|10.2.(20+$1).(($2-1)*4+$3)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('cn011','10.2.77.11',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('compute','|\\D+(\\d+)|10.2.1.($1+0)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('gpu','|gpu-([ab])(\\d+)|10.2.(a2idx($1)+10).($2+0)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('io','|io(\\d+)|10.2.30.($1)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('login','|login(\\d+)|10.2.31.($1)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('nd','|node(\\d+)|10.2.32.($1)|',NULL,NULL,NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('sn1','10.1.0.11',NULL,'-c:10.2.0.11',NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('sn2','10.1.0.12',NULL,'-c:10.2.0.12',NULL,NULL);
INSERT INTO `hosts` (`node`, `ip`, `hostnames`, `otherinterfaces`, `comments`, `disable`) VALUES ('sn3','10.1.0.13',NULL,'sn3-c:10.2.0.13',NULL,NULL);
/*!40000 ALTER TABLE `hosts` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `mac`
--

DROP TABLE IF EXISTS `mac`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `mac` (
  `node` varchar(128) NOT NULL,
  `interface` text DEFAULT NULL,
  `mac` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `mac`
--

LOCK TABLES `mac` WRITE;
/*!40000 ALTER TABLE `mac` DISABLE KEYS */;
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn001',NULL,'02:00:00:02:00:01',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn002',NULL,'02:00:00:02:00:02',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn003',NULL,'02:00:00:02:00:03',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn004',NULL,'02:00:00:02:00:04',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn005',NULL,'02:00:00:02:00:05',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn006',NULL,'02:00:00:02:00:06',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn007',NULL,'02:00:00:02:00:07',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn008',NULL,'02:00:00:02:00:08',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn009',NULL,'02:00:00:02:00:09',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn010',NULL,'02:00:00:02:00:0a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn011',NULL,'02:00:00:02:00:0b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn012',NULL,'02:00:00:02:00:0c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn013',NULL,'02:00:00:02:00:0d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn014',NULL,'02:00:00:02:00:0e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn015',NULL,'02:00:00:02:00:0f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn016',NULL,'02:00:00:02:00:10',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn017',NULL,'02:00:00:02:00:11',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn018',NULL,'02:00:00:02:00:12',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn019',NULL,'02:00:00:02:00:13',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn020',NULL,'02:00:00:02:00:14',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn021',NULL,'02:00:00:02:00:15',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn022',NULL,'02:00:00:02:00:16',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn023',NULL,'02:00:00:02:00:17',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn024',NULL,'02:00:00:02:00:18',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn025',NULL,'02:00:00:02:00:19',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn026',NULL,'02:00:00:02:00:1a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn027',NULL,'02:00:00:02:00:1b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn028',NULL,'02:00:00:02:00:1c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn029',NULL,'02:00:00:02:00:1d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn030',NULL,'02:00:00:02:00:1e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn031',NULL,'02:00:00:02:00:1f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn032',NULL,'02:00:00:02:00:20',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn033',NULL,'02:00:00:02:00:21',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn034',NULL,'02:00:00:02:00:22',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn035',NULL,'02:00:00:02:00:23',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn036',NULL,'02:00:00:02:00:24',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn037',NULL,'02:00:00:02:00:25',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn038',NULL,'02:00:00:02:00:26',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn039',NULL,'02:00:00:02:00:27',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn040',NULL,'02:00:00:02:00:28',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn041',NULL,'02:00:00:02:00:29',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn042',NULL,'02:00:00:02:00:2a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn043',NULL,'02:00:00:02:00:2b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn044',NULL,'02:00:00:02:00:2c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn045',NULL,'02:00:00:02:00:2d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn046',NULL,'02:00:00:02:00:2e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn047',NULL,'02:00:00:02:00:2f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn048',NULL,'02:00:00:02:00:30',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn049',NULL,'02:00:00:02:00:31',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn050',NULL,'02:00:00:02:00:32',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn051',NULL,'02:00:00:02:00:33',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn052',NULL,'02:00:00:02:00:34',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn053',NULL,'02:00:00:02:00:35',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn054',NULL,'02:00:00:02:00:36',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn055',NULL,'02:00:00:02:00:37',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn056',NULL,'02:00:00:02:00:38',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn057',NULL,'02:00:00:02:00:39',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn058',NULL,'02:00:00:02:00:3a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn059',NULL,'02:00:00:02:00:3b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn060',NULL,'02:00:00:02:00:3c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn061',NULL,'02:00:00:02:00:3d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn062',NULL,'02:00:00:02:00:3e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn063',NULL,'02:00:00:02:00:3f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn064',NULL,'02:00:00:02:00:40',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn065',NULL,'02:00:00:02:00:41',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn066',NULL,'02:00:00:02:00:42',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn067',NULL,'02:00:00:02:00:43',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn068',NULL,'02:00:00:02:00:44',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn069',NULL,'02:00:00:02:00:45',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn070',NULL,'02:00:00:02:00:46',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn071',NULL,'02:00:00:02:00:47',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn072',NULL,'02:00:00:02:00:48',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn073',NULL,'02:00:00:02:00:49',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn074',NULL,'02:00:00:02:00:4a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn075',NULL,'02:00:00:02:00:4b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn076',NULL,'02:00:00:02:00:4c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn077',NULL,'02:00:00:02:00:4d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn078',NULL,'02:00:00:02:00:4e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn079',NULL,'02:00:00:02:00:4f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn080',NULL,'02:00:00:02:00:50',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn081',NULL,'02:00:00:02:00:51',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn082',NULL,'02:00:00:02:00:52',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn083',NULL,'02:00:00:02:00:53',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn084',NULL,'02:00:00:02:00:54',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn085',NULL,'02:00:00:02:00:55',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn086',NULL,'02:00:00:02:00:56',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn087',NULL,'02:00:00:02:00:57',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn088',NULL,'02:00:00:02:00:58',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn089',NULL,'02:00:00:02:00:59',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn090',NULL,'02:00:00:02:00:5a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn091',NULL,'02:00:00:02:00:5b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn092',NULL,'02:00:00:02:00:5c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn093',NULL,'02:00:00:02:00:5d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn094',NULL,'02:00:00:02:00:5e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn095',NULL,'02:00:00:02:00:5f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn096',NULL,'02:00:00:02:00:60',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn097',NULL,'02:00:00:02:00:61',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn098',NULL,'02:00:00:02:00:62',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn099',NULL,'02:00:00:02:00:63',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn100',NULL,'02:00:00:02:00:64',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn101',NULL,'02:00:00:02:00:65',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn102',NULL,'02:00:00:02:00:66',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn103',NULL,'02:00:00:02:00:67',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn104',NULL,'02:00:00:02:00:68',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn105',NULL,'02:00:00:02:00:69',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn106',NULL,'02:00:00:02:00:6a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn107',NULL,'02:00:00:02:00:6b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn108',NULL,'02:00:00:02:00:6c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn109',NULL,'02:00:00:02:00:6d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn110',NULL,'02:00:00:02:00:6e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn111',NULL,'02:00:00:02:00:6f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn112',NULL,'02:00:00:02:00:70',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn113',NULL,'02:00:00:02:00:71',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn114',NULL,'02:00:00:02:00:72',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn115',NULL,'02:00:00:02:00:73',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn116',NULL,'02:00:00:02:00:74',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn117',NULL,'02:00:00:02:00:75',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn118',NULL,'02:00:00:02:00:76',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn119',NULL,'02:00:00:02:00:77',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn120',NULL,'02:00:00:02:00:78',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn121',NULL,'02:00:00:02:00:79',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn122',NULL,'02:00:00:02:00:7a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn123',NULL,'02:00:00:02:00:7b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn124',NULL,'02:00:00:02:00:7c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn125',NULL,'02:00:00:02:00:7d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn126',NULL,'02:00:00:02:00:7e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn127',NULL,'02:00:00:02:00:7f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn128',NULL,'02:00:00:02:00:80',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn129',NULL,'02:00:00:02:00:81',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn130',NULL,'02:00:00:02:00:82',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn131',NULL,'02:00:00:02:00:83',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn132',NULL,'02:00:00:02:00:84',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn133',NULL,'02:00:00:02:00:85',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn134',NULL,'02:00:00:02:00:86',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn135',NULL,'02:00:00:02:00:87',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn136',NULL,'02:00:00:02:00:88',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn137',NULL,'02:00:00:02:00:89',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn138',NULL,'02:00:00:02:00:8a',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn139',NULL,'02:00:00:02:00:8b',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn140',NULL,'02:00:00:02:00:8c',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn141',NULL,'02:00:00:02:00:8d',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn142',NULL,'02:00:00:02:00:8e',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn143',NULL,'02:00:00:02:00:8f',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('cn144',NULL,'02:00:00:02:00:90',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('sn1',NULL,'02:00:00:01:00:11',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('sn2',NULL,'02:00:00:01:00:12',NULL,NULL);
INSERT INTO `mac` (`node`, `interface`, `mac`, `comments`, `disable`) VALUES ('sn3',NULL,'02:00:00:01:00:13',NULL,NULL);
/*!40000 ALTER TABLE `mac` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `chain`
--

DROP TABLE IF EXISTS `chain`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `chain` (
  `node` varchar(128) NOT NULL,
  `currstate` text DEFAULT NULL,
  `currchain` text DEFAULT NULL,
  `chain` text DEFAULT NULL,
  `ondiscover` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `chain`
--

LOCK TABLES `chain` WRITE;
/*!40000 ALTER TABLE `chain` DISABLE KEYS */;
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn001','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn002','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn003','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn004','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn005','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn006','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn007','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn008','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn009','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn010','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn011','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn012','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn013','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn014','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn015','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn016','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn017','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn018','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn019','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn020','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn021','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn022','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn023','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn024','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn025','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn026','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn027','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn028','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn029','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn030','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn031','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn032','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn033','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn034','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn035','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn036','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn037','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn038','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn039','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn040','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn041','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn042','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn043','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn044','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn045','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn046','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn047','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn048','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn049','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn050','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn051','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn052','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn053','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn054','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn055','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn056','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn057','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn058','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn059','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn060','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn061','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn062','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn063','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn064','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn065','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn066','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn067','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn068','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn069','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn070','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn071','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
INSERT INTO `chain` (`node`, `currstate`, `currchain`, `chain`, `ondiscover`, `comments`, `disable`) VALUES ('cn072','boot','boot','osimage=rhels8.8.0-x86_64-netboot-compute','nodediscover',NULL,NULL);
/*!40000 ALTER TABLE `chain` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `bootparams`
--

DROP TABLE IF EXISTS `bootparams`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `bootparams` (
  `node` varchar(128) NOT NULL,
  `kernel` text DEFAULT NULL,
  `initrd` text DEFAULT NULL,
  `kcmdline` text DEFAULT NULL,
  `addkcmdline` text DEFAULT NULL,
  `dhcpstatements` text DEFAULT NULL,
  `adddhcpstatements` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `bootparams`
--

LOCK TABLES `bootparams` WRITE;
/*!40000 ALTER TABLE `bootparams` DISABLE KEYS */;
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn073','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn074','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn075','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn076','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn077','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn078','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn079','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn080','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn081','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn082','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn083','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn084','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn085','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn086','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn087','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn088','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn089','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn090','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn091','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn092','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn093','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn094','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn095','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn096','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn097','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn098','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn099','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `bootparams` (`node`, `kernel`, `initrd`, `kcmdline`, `addkcmdline`, `dhcpstatements`, `adddhcpstatements`, `comments`, `disable`) VALUES ('cn100','xcat/osimage/x/kernel','xcat/osimage/x/initrd','imgurl=http://!myipfn!:80/x quiet',NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `bootparams` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `nodepos`
--

DROP TABLE IF EXISTS `nodepos`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `nodepos` (
  `node` varchar(128) NOT NULL,
  `rack` text DEFAULT NULL,
  `u` text DEFAULT NULL,
  `chassis` text DEFAULT NULL,
  `slot` text DEFAULT NULL,
  `room` text DEFAULT NULL,
  `height` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `nodepos`
--

LOCK TABLES `nodepos` WRITE;
/*!40000 ALTER TABLE `nodepos` DISABLE KEYS */;
INSERT INTO `nodepos` (`node`, `rack`, `u`, `chassis`, `slot`, `room`, `height`, `comments`, `disable`) VALUES ('blade','|r(\\d+)c\\d+n\\d+|r($1)|',NULL,'|r(\\d+)c(\\d+)n\\d+|r($1)c($2)|',NULL,NULL,NULL,NULL,NULL);
INSERT INTO `nodepos` (`node`, `rack`, `u`, `chassis`, `slot`, `room`, `height`, `comments`, `disable`) VALUES ('even','|\\D+(\\d+)|r(($1-1)/36+1)|','|\\D+(\\d+)|(($1-1)%36+1)|',NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `nodepos` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `switch`
--

DROP TABLE IF EXISTS `switch`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `switch` (
  `node` varchar(128) NOT NULL,
  `switch` varchar(128) NOT NULL,
  `port` varchar(128) NOT NULL,
  `vlan` text DEFAULT NULL,
  `interface` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`,`switch`,`port`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `switch`
--

LOCK TABLES `switch` WRITE;
/*!40000 ALTER TABLE `switch` DISABLE KEYS */;
INSERT INTO `switch` (`node`, `switch`, `port`, `vlan`, `interface`, `comments`, `disable`) VALUES ('cn001','sw1','1','1',NULL,NULL,NULL);
INSERT INTO `switch` (`node`, `switch`, `port`, `vlan`, `interface`, `comments`, `disable`) VALUES ('cn002','sw1','2','1',NULL,NULL,NULL);
INSERT INTO `switch` (`node`, `switch`, `port`, `vlan`, `interface`, `comments`, `disable`) VALUES ('cn003','sw1','3','1',NULL,NULL,NULL);
INSERT INTO `switch` (`node`, `switch`, `port`, `vlan`, `interface`, `comments`, `disable`) VALUES ('cn004','sw1','4','1',NULL,NULL,NULL);
/*!40000 ALTER TABLE `switch` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `postscripts`
--

DROP TABLE IF EXISTS `postscripts`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `postscripts` (
  `node` varchar(128) NOT NULL,
  `postscripts` text DEFAULT NULL,
  `postbootscripts` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `postscripts`
--

LOCK TABLES `postscripts` WRITE;
/*!40000 ALTER TABLE `postscripts` DISABLE KEYS */;
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn001','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn002','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn003','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn004','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn005','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn006','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn007','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn008','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn009','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('cn010','syslog,remoteshell,setupntp',NULL,NULL,NULL);
INSERT INTO `postscripts` (`node`, `postscripts`, `postbootscripts`, `comments`, `disable`) VALUES ('compute','syslog,remoteshell',NULL,NULL,NULL);
/*!40000 ALTER TABLE `postscripts` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `prescripts`
--

DROP TABLE IF EXISTS `prescripts`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `prescripts` (
  `node` varchar(128) NOT NULL,
  `begin` text DEFAULT NULL,
  `end` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `prescripts`
--

LOCK TABLES `prescripts` WRITE;
/*!40000 ALTER TABLE `prescripts` DISABLE KEYS */;
INSERT INTO `prescripts` (`node`, `begin`, `end`, `comments`, `disable`) VALUES ('all','site,noop',NULL,NULL,NULL);
INSERT INTO `prescripts` (`node`, `begin`, `end`, `comments`, `disable`) VALUES ('cn001',NULL,'enact:foo','with \"quotes\"','1');
/*!40000 ALTER TABLE `prescripts` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `statelite`
--

DROP TABLE IF EXISTS `statelite`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `statelite` (
  `node` varchar(128) NOT NULL,
  `image` text DEFAULT NULL,
  `statemnt` text NOT NULL,
  `mntopts` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `statelite`
--

LOCK TABLES `statelite` WRITE;
/*!40000 ALTER TABLE `statelite` DISABLE KEYS */;
/*!40000 ALTER TABLE `statelite` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `notification`
--

DROP TABLE IF EXISTS `notification`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `notification` (
  `filename` varchar(128) NOT NULL,
  `tables` text NOT NULL,
  `tableops` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`filename`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `notification`
--

LOCK TABLES `notification` WRITE;
/*!40000 ALTER TABLE `notification` DISABLE KEYS */;
INSERT INTO `notification` (`filename`, `tables`, `tableops`, `comments`, `disable`) VALUES ('/opt/site/changed.pm','noderes,nodehm','a,u,d',NULL,NULL);
INSERT INTO `notification` (`filename`, `tables`, `tableops`, `comments`, `disable`) VALUES ('/tmp/nothing.pm','noderes','a,u,d',NULL,NULL);
/*!40000 ALTER TABLE `notification` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `passwd`
--

DROP TABLE IF EXISTS `passwd`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `passwd` (
  `key` varchar(128) NOT NULL,
  `username` varchar(128) NOT NULL,
  `password` text DEFAULT NULL,
  `cryptmethod` text DEFAULT NULL,
  `authdomain` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`key`,`username`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `passwd`
--

LOCK TABLES `passwd` WRITE;
/*!40000 ALTER TABLE `passwd` DISABLE KEYS */;
INSERT INTO `passwd` (`key`, `username`, `password`, `cryptmethod`, `authdomain`, `comments`, `disable`) VALUES ('omapi','xcat_key','c2VjcmV0c2VjcmV0',NULL,NULL,NULL,NULL);
INSERT INTO `passwd` (`key`, `username`, `password`, `cryptmethod`, `authdomain`, `comments`, `disable`) VALUES ('system','root','cluster',NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `passwd` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `policy`
--

DROP TABLE IF EXISTS `policy`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `policy` (
  `priority` varchar(128) NOT NULL,
  `name` text DEFAULT NULL,
  `host` text DEFAULT NULL,
  `commands` text DEFAULT NULL,
  `noderange` text DEFAULT NULL,
  `parameters` text DEFAULT NULL,
  `time` text DEFAULT NULL,
  `rule` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`priority`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `policy`
--

LOCK TABLES `policy` WRITE;
/*!40000 ALTER TABLE `policy` DISABLE KEYS */;
INSERT INTO `policy` (`priority`, `name`, `host`, `commands`, `noderange`, `parameters`, `time`, `rule`, `comments`, `disable`) VALUES ('1','root',NULL,NULL,NULL,NULL,NULL,'allow',NULL,NULL);
/*!40000 ALTER TABLE `policy` ENABLE KEYS */;
UNLOCK TABLES;

--
-- Table structure for table `ipmi`
--

DROP TABLE IF EXISTS `ipmi`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `ipmi` (
  `node` varchar(128) NOT NULL,
  `bmc` text DEFAULT NULL,
  `bmcport` text DEFAULT NULL,
  `taggedvlan` text DEFAULT NULL,
  `bmcid` text DEFAULT NULL,
  `username` text DEFAULT NULL,
  `password` text DEFAULT NULL,
  `comments` text DEFAULT NULL,
  `disable` text DEFAULT NULL,
  PRIMARY KEY (`node`)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci;
/*!40101 SET character_set_client = @saved_cs_client */;

--
-- Dumping data for table `ipmi`
--

LOCK TABLES `ipmi` WRITE;
/*!40000 ALTER TABLE `ipmi` DISABLE KEYS */;
INSERT INTO `ipmi` (`node`, `bmc`, `bmcport`, `taggedvlan`, `bmcid`, `username`, `password`, `comments`, `disable`) VALUES ('compute','|\\D+(\\d+)|10.9.1.($1+0)|',NULL,NULL,NULL,'admin','secret',NULL,NULL);
INSERT INTO `ipmi` (`node`, `bmc`, `bmcport`, `taggedvlan`, `bmcid`, `username`, `password`, `comments`, `disable`) VALUES ('gpu','/gpu/bmc-gpu/',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `ipmi` (`node`, `bmc`, `bmcport`, `taggedvlan`, `bmcid`, `username`, `password`, `comments`, `disable`) VALUES ('sn1','10.9.0.11',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `ipmi` (`node`, `bmc`, `bmcport`, `taggedvlan`, `bmcid`, `username`, `password`, `comments`, `disable`) VALUES ('sn2','10.9.0.12',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO `ipmi` (`node`, `bmc`, `bmcport`, `taggedvlan`, `bmcid`, `username`, `password`, `comments`, `disable`) VALUES ('sn3','10.9.0.13',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
/*!40000 ALTER TABLE `ipmi` ENABLE KEYS */;
UNLOCK TABLES;
/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;

/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed on 2026-11-26  3:00:31
