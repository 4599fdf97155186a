UPDATE noderes SET xcatmaster = NULL WHERE node = 'rack1';
