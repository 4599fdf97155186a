UPDATE noderes SET servicenode = 'sn1' WHERE node = 'rack1';
